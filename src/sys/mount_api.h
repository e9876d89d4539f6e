/* mount_api.h - the kernel's mount calls by fd (Linux 5.2 and later, mount_setattr 5.12). Detached mounts live as
 * long as their fd and show in no mount table until they are attached. All return an fd or 0, or negative errno; fds
 * are O_CLOEXEC.
 */
#pragma once
#include <linux/mount.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A new file system of this type, to be configured. */
int mount_fs_open(const char *type);
int mount_fs_set(int fs_fd, const char *key, const char *value); /* value at most 255 bytes */
int mount_fs_flag(int fs_fd, const char *key);

/* Makes the configured file system and returns it as a detached mount. attributes: MOUNT_ATTR_*. */
int mount_fs_create(int fs_fd, unsigned attributes);

/* A detached copy of what is mounted or stands at path (a bind mount to be). is_recursive takes the mounts below it
 * too. */
int mount_clone(int dirfd, const char *path, bool is_recursive);

/* Attaches a detached mount at an open target (O_PATH is enough). */
int mount_attach(int mount_fd, int target_fd);

/* set: MOUNT_ATTR_* to switch on; propagation: MS_PRIVATE, MS_SLAVE ... or 0. */
int mount_set_attributes(int dirfd, const char *path, bool is_recursive, uint64_t set, uint64_t propagation);

/* Makes the working directory the root and drops the former root out of this namespace. */
int mount_pivot_here(void);

/* The classic calls, for what the new ones do not reach on older kernels. */
int mount_classic(const char *source, const char *target, const char *type, unsigned long flags, const char *data);
int mount_detach(const char *target);
