/* root.c - the container's root: the overlay of the image's layers, or a directory, made as a detached mount, then
 * entered. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launch/steps.h"
#include "sys/mount_api.h"
#include "sys/pidfd.h"
#include "sys/procfs.h"

/* fsconfig's strings end here (the kernel's own limit). A longer path goes by a descriptor's. */
#define FS_STRING_MOST 255

static int add_layer(int fs, const char *dir)
{
	char by_fd[PROCFS_FD_PATH_SIZE];
	autoclose int fd = -1;

	if (strlen(dir) <= FS_STRING_MOST)
		return mount_fs_set(fs, "lowerdir+", dir);
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	procfs_fd_path(fd, by_fd);
	return mount_fs_set(fs, "lowerdir+", by_fd);
}

static int add_layers(int fs, const struct plan *plan, const char **ret_dir)
{
	PLAN_FOR_EACH(plan, lower_dirs, plan_text, dir)
	{
		int r;

		*ret_dir = plan_get_text(plan, *dir);
		r = add_layer(fs, *ret_dir);
		if (r < 0)
			return r;
	}
	return 0;
}

static int overlay_by_fd(struct launch *l, const char **ret_dir)
{
	autoclose int fs = mount_fs_open("overlay");
	int r;

	*ret_dir = "overlay";
	if (fs < 0)
		return fs;
	r = add_layers(fs, l->plan, ret_dir);
	if (r < 0)
		return r;
	/* Relative to the container's directory, which is the working directory now. */
	*ret_dir = "upper";
	r = mount_fs_set(fs, "upperdir", "upper");
	if (r == 0)
		r = mount_fs_set(fs, "workdir", "work");
	/* What is thrown away at its end need not reach the disk. */
	if (r == 0 && (l->plan->flags & PLAN_AUTO_REMOVE))
		mount_fs_flag(fs, "volatile");
	return r < 0 ? r : mount_fs_create(fs, 0);
}

/* Older kernels take the layers as one string of a page: they are named by short links in a scratch tmpfs. All of it
 * happens in a mount namespace of the shim's own, so the host's table shows nothing and a crash leaves nothing. */
static int link_layers(const struct plan *plan, char *ret_options, size_t size)
{
	size_t used = (size_t)snprintf(ret_options, size, "upperdir=../upper,workdir=../work,lowerdir=");
	unsigned i = 0;

	PLAN_FOR_EACH(plan, lower_dirs, plan_text, dir)
	{
		char link[12];

		snprintf(link, sizeof(link), "%u", i);
		if (symlinkat(plan_get_text(plan, *dir), AT_FDCWD, link) < 0)
			return -errno;
		used += (size_t)snprintf(ret_options + used, size - used, "%s%s", i ? ":" : "", link);
		if (used >= size)
			return -E2BIG;
		i++;
	}
	return 0;
}

static int overlay_in_scratch(const struct plan *plan)
{
	char options[4096];
	int r;

	if (mkdirat(AT_FDCWD, "merged", 0700) < 0)
		return -errno;
	r = link_layers(plan, options, sizeof(options));
	if (r == 0)
		r = mount_classic("overlay", "merged", "overlay", 0, options);
	return r < 0 ? r : mount_clone(AT_FDCWD, "merged", false);
}

/* The working directory is the container's, and goes along into the new namespace; an fd would stay behind in the
 * old one, whose mounts overlayfs does not take. */
static int overlay_by_string(struct launch *l)
{
	int fd, r;

	if ((mkdirat(AT_FDCWD, "scratch", 0700) < 0 && errno != EEXIST) || unshare(CLONE_NEWNS) < 0)
		return -errno;
	r = mount_set_attributes(AT_FDCWD, "/", true, 0, MS_PRIVATE);
	if (r == 0)
		r = mount_classic("scratch", "scratch", "tmpfs", 0, "mode=0700");
	if (r < 0)
		return r;
	fd = chdir("scratch") < 0 ? -errno : overlay_in_scratch(l->plan);
	if (chdir("..") == 0)
		mount_detach("scratch");
	unlinkat(l->container_dir_fd, "scratch", AT_REMOVEDIR);
	return fd;
}

static int make_overlay(struct launch *l, struct error *err)
{
	const char *at = "overlay";
	int fd;

	if (fchdir(l->container_dir_fd) < 0)
		return fail_errno(err, errno, "container directory");
	fd = overlay_by_fd(l, &at);
	/* A kernel before 6.7 does not know "lowerdir+"; one before 6.5 says so only when the mount is made. */
	if (fd == -EINVAL)
		fd = overlay_by_string(l);
	if (fd < 0)
		fail_errno_as(err, ERR_START_FAILED, fd, "%s", at);
	l->root_fd = fd < 0 ? -1 : fd;
	if (chdir("/") < 0)
		return fail_errno(err, errno, "/");
	return fd < 0 ? -1 : 0;
}

int make_root(struct launch *l, struct error *err)
{
	const char *dir = plan_get_text(l->plan, l->plan->root_dir);
	int r;

	if (l->plan->lower_dirs.count > 0)
		return make_overlay(l, err);
	l->root_fd = mount_clone(AT_FDCWD, dir, true);
	r = l->root_fd;
	/* A copy of a shared mount is its peer, and no root is changed for a shared one. */
	if (r >= 0)
		r = mount_set_attributes(l->root_fd, "", true, 0, MS_PRIVATE);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "%s", dir) : 0;
}

/* Joining one's own mount namespace leads to its topmost root. Where the agent itself runs in a chroot, "/" is below
 * that: what is above would stay in the container's namespace, within reach of its chroot(2), and exec would land
 * there. */
static int rise_to_top(void)
{
	autoclose int self = pidfd_open_any(getpid());

	if (self < 0)
		return self;
	return setns(self, CLONE_NEWNS) < 0 ? -errno : 0;
}

/* The new root is stacked on the old one, then the two change places; the working directory is the new one all the
 * time. */
int enter_root(struct launch *l, struct error *err)
{
	autoclose int top = -1;
	int r = rise_to_top();

	if (r == 0)
		r = mount_set_attributes(AT_FDCWD, "/", true, 0, MS_PRIVATE);
	top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r == 0)
		r = mount_attach(l->root_fd, top);
	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "attach");
	if (fchdir(l->root_fd) < 0)
		return fail_errno(err, errno, "enter");
	r = mount_pivot_here();
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "pivot_root") : 0;
}

int seal_root(struct launch *l, struct error *err)
{
	int r = 0;

	if (l->plan->flags & PLAN_READ_ONLY_ROOT)
		r = mount_set_attributes(AT_FDCWD, "/", false, MOUNT_ATTR_RDONLY, 0);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "read-only") : 0;
}
