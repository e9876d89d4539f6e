/* mounts.c - a directory as a mount of its own, and as the root. */
#include "storecli/mounts.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "sys/mount_api.h"

/* Private from the start: a copy of a shared mount is its peer, and no root is changed for a shared one. */
int mounts_clone(int dirfd, uint64_t flags)
{
	autoclose int tree = mount_clone(dirfd, "", false);
	int r;

	if (tree < 0)
		return tree;
	r = mount_set_attributes(tree, "", false, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | flags,
				 MS_PRIVATE);
	return r < 0 ? r : TAKE_FD(tree);
}

/* The new root is mounted over the old one and changes places with it; the old one, left without a name, is
 * detached. */
int mounts_enter(int treefd)
{
	autoclose int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* What is mounted from here on stays in here. */
	int r = mount_set_attributes(AT_FDCWD, "/", true, 0, MS_PRIVATE);

	if (r == 0)
		r = mount_attach(treefd, top);
	if (r < 0)
		return r;
	return fchdir(treefd) < 0 ? -errno : mount_pivot_here();
}
