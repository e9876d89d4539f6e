/* copy_tree.h - a directory's content copied by fd, with owners, modes, times and extended attributes. Negative
 * errno. */
#pragma once

/* Copies what stands in from_fd into to_fd (both directories, opened for reading), the attributes of from_fd itself
 * too. Never follows a link, never leaves the file system of from_fd; hard links become copies. Sparse files stay
 * sparse. */
int copy_tree(int from_fd, int to_fd);
