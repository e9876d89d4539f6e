/* in_root.h - the fd-only path layer: every path of a container is walked below an open root, so that no link in it
 * leads out. By openat2 with RESOLVE_IN_ROOT: absolute links and ".." stay inside. Negative errno; fds are
 * O_CLOEXEC.
 */
#pragma once
#include <sys/types.h>

/* Opens path below root_fd. flags as for open(2), without O_CREAT. Links are followed inside the root. */
int in_root_open(int root_fd, const char *path, int flags);

/* The same, refusing every link on the way: for /proc and /sys, whose place must not be chosen by an image. */
int in_root_open_no_links(int root_fd, const char *path, int flags);

/* Makes the directory with its parents where they are missing (mode 0755, owner: the caller); O_PATH fd of it. A
 * path with ".." below a missing part is -EINVAL. A link that leads nowhere gets what it names. */
int in_root_make_dir(int root_fd, const char *path);

/* Makes an empty file (and its parents) where nothing stands; O_PATH fd of what stands there. */
int in_root_make_file(int root_fd, const char *path);
