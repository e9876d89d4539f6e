/* mounts.c - a directory as a mount of its own, and as the root. */
#include "storecli/mounts.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

int mounts_clone(int dirfd, uint64_t flags)
{
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | flags };
	autoclose int tree =
		(int)syscall(SYS_open_tree, dirfd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (tree < 0)
		return -errno;
	if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
		return -errno;
	return TAKE_FD(tree);
}

/* The new root is mounted over the old one and changes places with it; the old one, left without a name, is
 * detached. */
int mounts_enter(int treefd)
{
	/* What is mounted from here on stays in here. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -errno;
	if (syscall(SYS_move_mount, treefd, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return -errno;
	if (fchdir(treefd) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return -errno;
	return umount2(".", MNT_DETACH) < 0 || chdir("/") < 0 ? -errno : 0;
}
