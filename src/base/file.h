/* file.h - whole files and whole writes, by directory fd. Negative errno. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a regular file of at most `limit` bytes; *ret is yours, NUL-terminated beyond *ret_len (which may be NULL).
 * -EFBIG when it is longer; the file may be one of procfs or cgroupfs, whose size says 0. */
int file_read_at(int dirfd, const char *path, size_t limit, char **ret, size_t *ret_len);
int fd_read_all(int fd, size_t limit, char **ret, size_t *ret_len);

enum file_durability {
	FILE_VOLATILE, /* rename only: atomic for readers, may be lost with the power */
	FILE_SYNCED,   /* data and directory synced before this returns */
};

/* Replaces the file in one step: temporary beside it, then rename. A failure leaves the former file. */
int file_replace_at(int dirfd, const char *path, const void *data, size_t len, mode_t mode,
		    enum file_durability durability);

/* Creates the file; -EEXIST when something stands there. Half-written files are removed again. */
int file_create_at(int dirfd, const char *path, const void *data, size_t len, mode_t mode);

/* All of it, through EINTR and short writes. 0 or negative errno. */
int write_all(int fd, const void *data, size_t len);

/* Up to len bytes, short only at the end of the file. The count or negative errno. */
ssize_t read_full(int fd, void *data, size_t len);

/* Opens (making it where it is missing, with its parents) a directory of the agent's own. fd or negative errno. */
int dir_open_make(int dirfd, const char *path, mode_t mode);

/* Removes a tree of the agent's own, never following a link or crossing a mount. A missing one is 0. */
int dir_remove_tree(int dirfd, const char *path);

bool file_exists_at(int dirfd, const char *path);
