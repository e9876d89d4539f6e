/* masks.c - what a container finds in /dev, and what it is not shown of /proc and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "launch/steps.h"
#include "sys/in_root.h"
#include "sys/mount_api.h"

static bool is_null_device(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* Binds of the host's /dev/null, taken while the host's root is still ours and checked by fd: what the image has
 * there plays no part. One for each file to be masked; the host's /proc and /sys show which of them are files. */
int open_mask_sources(struct launch *l, struct error *err)
{
	PLAN_FOR_EACH(l->plan, masked_paths, plan_text, path)
	{
		struct stat st;
		int fd;

		if (stat(plan_get_text(l->plan, *path), &st) < 0 || S_ISDIR(st.st_mode))
			continue;
		if (l->n_mask_fds == LAUNCH_MOST_MOUNTS)
			return fail(err, ERR_START_FAILED, "more than %d masked paths", LAUNCH_MOST_MOUNTS);
		fd = mount_clone(AT_FDCWD, "/dev/null", false);
		if (fd < 0)
			return fail_errno_as(err, ERR_START_FAILED, fd, "/dev/null");
		l->mask_fds[l->n_mask_fds++] = fd;
		if (!is_null_device(fd))
			return fail(err, ERR_START_FAILED, "/dev/null: not the null device");
	}
	return 0;
}

static int make_device(const struct plan *plan, const struct plan_device *d, int root)
{
	const char *path = plan_get_text(plan, d->path), *name = strrchr(path, '/');
	char parent_path[PATH_MAX];
	autoclose int parent = -1;

	if (!name || (size_t)(name - path) >= sizeof(parent_path))
		return -EINVAL;
	snprintf(parent_path, sizeof(parent_path), "%.*s", (int)(name - path), path);
	parent = in_root_make_dir(root, parent_path);
	if (parent < 0)
		return parent;
	if (mknodat(parent, name + 1, d->mode, makedev(d->major, d->minor)) < 0)
		return errno == EEXIST ? 0 : -errno;
	if ((d->uid || d->gid) && fchownat(parent, name + 1, d->uid, d->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

static const char *const dev_links[][2] = {
	{ "/proc/self/fd", "fd" },       { "/proc/self/fd/0", "stdin" }, { "/proc/self/fd/1", "stdout" },
	{ "/proc/self/fd/2", "stderr" }, { "pts/ptmx", "ptmx" },         { "/proc/kcore", "core" },
};

static int make_links(int root)
{
	autoclose int dev = in_root_open(root, "/dev", O_PATH | O_DIRECTORY);

	if (dev < 0)
		return dev == -ENOENT ? 0 : dev;
	for (size_t i = 0; i < ARRAY_SIZE(dev_links); i++)
		if (symlinkat(dev_links[i][0], dev, dev_links[i][1]) < 0 && errno != EEXIST)
			return -errno;
	return 0;
}

int make_devices(struct launch *l, struct error *err)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	mode_t former = umask(0);
	int r = 0;

	PLAN_FOR_EACH(l->plan, devices, struct plan_device, d)
	{
		r = make_device(l->plan, d, root);
		if (r < 0)
			return fail_errno_as(err, ERR_START_FAILED, r, "%s", plan_get_text(l->plan, d->path));
	}
	if (l->plan->devices.count > 0)
		r = make_links(root);
	umask(former);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "links in /dev") : 0;
}

/* One empty read-only tmpfs serves every masked directory: the first use makes it, the others are binds of it. */
static int mask_directory(int target, int *empty)
{
	autoclose int copy = -1;
	int fs;

	if (*empty >= 0) {
		copy = mount_clone(*empty, "", false);
		return copy < 0 ? copy : mount_attach(copy, target);
	}
	fs = mount_fs_open("tmpfs");
	if (fs < 0)
		return fs;
	mount_fs_set(fs, "size", "0");
	mount_fs_set(fs, "nr_inodes", "1");
	*empty = mount_fs_create(fs, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	close(fs);
	return *empty < 0 ? *empty : mount_attach(*empty, target);
}

static int mask(struct launch *l, const char *path, int root, int *empty)
{
	autoclose int target = in_root_open_no_links(root, path, O_PATH);
	struct stat st;

	if (target < 0)
		return target == -ENOENT || target == -ENOTDIR ? 0 : target;
	if (fstat(target, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return mask_directory(target, empty);
	return l->n_mask_fds == 0 ? -ENOENT : mount_attach(l->mask_fds[--l->n_mask_fds], target);
}

static int make_read_only(const char *path, int root)
{
	autoclose int target = in_root_open_no_links(root, path, O_PATH), copy = -1;
	int r;

	if (target < 0)
		return target == -ENOENT || target == -ENOTDIR ? 0 : target;
	copy = mount_clone(target, "", true);
	if (copy < 0)
		return copy;
	r = mount_set_attributes(copy, "", true,
				 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0);
	return r < 0 ? r : mount_attach(copy, target);
}

int mask_paths(struct launch *l, struct error *err)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	autoclose int empty = -1;
	int r;

	PLAN_FOR_EACH(l->plan, read_only_paths, plan_text, path)
	{
		r = make_read_only(plan_get_text(l->plan, *path), root);
		if (r < 0)
			return fail_errno_as(err, ERR_START_FAILED, r, "%s", plan_get_text(l->plan, *path));
	}
	PLAN_FOR_EACH(l->plan, masked_paths, plan_text, path)
	{
		r = mask(l, plan_get_text(l->plan, *path), root, &empty);
		if (r < 0)
			return fail_errno_as(err, ERR_START_FAILED, r, "%s", plan_get_text(l->plan, *path));
	}
	return 0;
}
