/* mounts.h - a directory as a mount of its own, and as the root. Negative errno. Needs Linux 5.12 (mount_setattr). */
#pragma once
#include <stdint.h>

/* A mount of the directory alone, nosuid, nodev and noexec and with `flags` (MOUNT_ATTR_...), attached nowhere:
 * ".." ends at it. Of a directory in the mount namespace that the process is in. An fd, the caller's. */
int mounts_clone(int dirfd, uint64_t flags);

/* Makes such a mount "/" and the working directory of a mount namespace of one's own, and the only mount that it
 * has. The fd stays the caller's. */
int mounts_enter(int treefd);
