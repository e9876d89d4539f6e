/* mount_api.c - the kernel's mount calls by fd; libc has no wrappers for them everywhere. */
#include "sys/mount_api.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int result(long r)
{
	return r < 0 ? -errno : (int)r;
}

int mount_fs_open(const char *type)
{
	return result(syscall(SYS_fsopen, type, FSOPEN_CLOEXEC));
}

int mount_fs_set(int fs_fd, const char *key, const char *value)
{
	return result(syscall(SYS_fsconfig, fs_fd, FSCONFIG_SET_STRING, key, value, 0));
}

int mount_fs_flag(int fs_fd, const char *key)
{
	return result(syscall(SYS_fsconfig, fs_fd, FSCONFIG_SET_FLAG, key, NULL, 0));
}

int mount_fs_create(int fs_fd, unsigned attributes)
{
	int r = result(syscall(SYS_fsconfig, fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0));

	return r < 0 ? r : result(syscall(SYS_fsmount, fs_fd, FSMOUNT_CLOEXEC, attributes));
}

int mount_clone(int dirfd, const char *path, bool is_recursive)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

	if (!*path)
		flags |= AT_EMPTY_PATH;
	if (is_recursive)
		flags |= AT_RECURSIVE;
	return result(syscall(SYS_open_tree, dirfd, path, flags));
}

int mount_attach(int mount_fd, int target_fd)
{
	return result(syscall(SYS_move_mount, mount_fd, "", target_fd, "",
			      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH));
}

int mount_set_attributes(int dirfd, const char *path, bool is_recursive, uint64_t set, uint64_t propagation)
{
	struct mount_attr attributes = { .attr_set = set, .propagation = propagation };
	unsigned flags = (*path ? 0 : AT_EMPTY_PATH) | (is_recursive ? AT_RECURSIVE : 0);

	return result(syscall(SYS_mount_setattr, dirfd, path, flags, &attributes, sizeof(attributes)));
}

int mount_pivot_here(void)
{
	int r = result(syscall(SYS_pivot_root, ".", "."));

	if (r < 0)
		return r;
	/* The former root is stacked on the new one now, and "." reaches it. */
	r = mount_detach(".");
	return r < 0 ? r : result(chdir("/"));
}

int mount_classic(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
	return result(syscall(SYS_mount, source, target, type, flags, data));
}

int mount_detach(const char *target)
{
	return result(syscall(SYS_umount2, target, 2 /* MNT_DETACH */));
}
