/* mounts.c - the plan's mounts: sources are opened on the host's side before the process exists, targets inside the
 * new root after it was entered, so no path of the one is ever walked in the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/file.h"
#include "launch/steps.h"
#include "sys/copy_tree.h"
#include "sys/in_root.h"
#include "sys/mount_api.h"
#include "sys/procfs.h"

static int copy_image_content(struct launch *l, const struct plan_mount *m, int to)
{
	autoclose int from = in_root_open(l->root_fd, plan_get_text(l->plan, m->target), O_RDONLY | O_DIRECTORY);

	if (from == -ENOENT || from == -ENOTDIR)
		return 0;
	return from < 0 ? from : copy_tree(from, to);
}

/* A volume is full when its directory stands under its name: it is filled under another and renamed, so that a crash
 * leaves a volume that will be filled anew. */
static int fill_volume(struct launch *l, const struct plan_mount *m, int parent, const char *name)
{
	autoclose int fd = -1;
	int r;

	if (file_exists_at(parent, name))
		return 0;
	r = dir_remove_tree(parent, "filling");
	if (r < 0)
		return r;
	if (mkdirat(parent, "filling", 0755) < 0)
		return -errno;
	fd = openat(parent, "filling", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = copy_image_content(l, m, fd);
	if (r < 0)
		return r;
	return renameat(parent, "filling", parent, name) < 0 ? -errno : 0;
}

static int fill_locked(struct launch *l, const struct plan_mount *m)
{
	const char *source = plan_get_text(l->plan, m->source), *name = strrchr(source, '/');
	autofree char *parent_path = name ? strndup(source, (size_t)(name - source)) : NULL;
	autoclose int parent = -1;

	if (!parent_path)
		return name ? -ENOMEM : -EINVAL;
	parent = open(parent_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0 || flock(parent, LOCK_EX) < 0)
		return -errno;
	return fill_volume(l, m, parent, name + 1);
}

int fill_volumes(struct launch *l, struct error *err)
{
	PLAN_FOR_EACH(l->plan, mounts, struct plan_mount, m)
	{
		int r = m->flags & PLAN_MOUNT_FILL ? fill_locked(l, m) : 0;

		if (r < 0)
			return fail_errno_as(err, ERR_START_FAILED, r, "%s", plan_get_text(l->plan, m->target));
	}
	return 0;
}

static int open_source(const struct plan *plan, const struct plan_mount *m)
{
	bool is_recursive = m->flags & PLAN_MOUNT_RECURSIVE;
	autoclose int fd = mount_clone(AT_FDCWD, plan_get_text(plan, m->source), is_recursive);
	int r;

	if (fd < 0)
		return fd;
	r = mount_set_attributes(fd, "", is_recursive, m->attributes, m->propagation ? m->propagation : MS_PRIVATE);
	return r < 0 ? r : TAKE_FD(fd);
}

int open_mount_sources(struct launch *l, struct error *err)
{
	size_t i = 0;

	PLAN_FOR_EACH(l->plan, mounts, struct plan_mount, m)
	{
		if (i == LAUNCH_MOST_MOUNTS)
			return fail(err, ERR_START_FAILED, "more than %d mounts", LAUNCH_MOST_MOUNTS);
		if (m->kind == PLAN_MOUNT_BIND) {
			l->mount_fds[i] = open_source(l->plan, m);
			if (l->mount_fds[i] < 0)
				return fail_errno_as(err, ERR_START_FAILED, l->mount_fds[i], "source %s",
						     plan_get_text(l->plan, m->source));
		}
		i++;
	}
	return 0;
}

static int set_option(int fs, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[64];

	if (!equals)
		return mount_fs_flag(fs, option);
	if ((size_t)(equals - option) >= sizeof(key))
		return -EINVAL;
	snprintf(key, sizeof(key), "%.*s", (int)(equals - option), option);
	return mount_fs_set(fs, key, equals + 1);
}

static int make_file_system(const struct plan *plan, const struct plan_mount *m)
{
	autoclose int fs = mount_fs_open(plan_get_text(plan, m->fs_type));
	size_t count;
	const plan_text *options = plan_get_array(plan, m->options, sizeof(*options), &count);
	const char *source = plan_get_text(plan, m->source);
	int r = fs < 0 ? fs : 0;

	if (r == 0 && *source)
		mount_fs_set(fs, "source", source);
	for (size_t i = 0; r == 0 && i < count; i++)
		r = set_option(fs, plan_get_text(plan, options[i]));
	return r < 0 ? r : mount_fs_create(fs, (unsigned)m->attributes);
}

static int open_target(const struct plan *plan, const struct plan_mount *m, int root)
{
	const char *target = plan_get_text(plan, m->target);
	int fd;

	if (m->flags & PLAN_MOUNT_IS_FILE)
		return in_root_make_file(root, target);
	fd = in_root_make_dir(root, target);
	if (fd < 0 || !(m->flags & PLAN_MOUNT_NO_LINKS))
		return fd;
	close(fd);
	return in_root_open_no_links(root, target, O_PATH | O_DIRECTORY);
}

/* v2: one tree. v1: a tmpfs with one directory a hierarchy, as every distribution mounts it; with the cgroup
 * namespace each shows this container's part as its root. */
static int attach_hierarchy(const struct cgroup_hierarchy *h, int dir, uint64_t attributes)
{
	autoclose int fs = mount_fs_open(h->is_v2 ? "cgroup2" : "cgroup");
	autoclose int mount = -1, target = -1;
	char names[CGROUP_NAME_SIZE], *rest = names, *name;
	int r = fs < 0 ? fs : 0;

	memcpy(names, h->name, sizeof(names));
	while (r == 0 && !h->is_v2 && (name = strsep(&rest, ",")))
		r = strcmp(name, "systemd") == 0 ? mount_fs_set(fs, "name", name) : mount_fs_flag(fs, name);
	if (r == 0 && !h->is_v2 && strcmp(h->name, "systemd") == 0)
		r = mount_fs_flag(fs, "none");
	if (r < 0)
		return r;
	mount = mount_fs_create(fs, (unsigned)attributes);
	if (mount < 0)
		return mount;
	if (mkdirat(dir, h->name, 0755) < 0 && errno != EEXIST)
		return -errno;
	target = openat(dir, h->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return target < 0 ? -errno : mount_attach(mount, target);
}

static int attach_cgroups_v1(struct launch *l, const struct plan_mount *m, int root, int target)
{
	struct plan_mount top = *m;
	autoclose int tmpfs = -1, dir = -1;
	int fs = mount_fs_open("tmpfs"), r;

	if (fs < 0)
		return fs;
	mount_fs_set(fs, "mode", "0755");
	tmpfs = mount_fs_create(fs, (unsigned)(top.attributes & ~(uint64_t)MOUNT_ATTR_RDONLY));
	close(fs);
	r = tmpfs < 0 ? tmpfs : mount_attach(tmpfs, target);
	if (r < 0)
		return r;
	dir = in_root_open(root, plan_get_text(l->plan, m->target), O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		return dir;
	for (size_t i = 0; r == 0 && i < l->cgroup.n; i++)
		r = attach_hierarchy(&l->cgroup.hierarchies[i], dir, m->attributes);
	return r < 0 ? r : mount_set_attributes(dir, "", false, m->attributes, 0);
}

static int attach_cgroups(struct launch *l, const struct plan_mount *m, int root, int target)
{
	autoclose int fs = -1, mount = -1;

	if (l->cgroup.n != 1 || !l->cgroup.hierarchies[0].is_v2)
		return attach_cgroups_v1(l, m, root, target);
	fs = mount_fs_open("cgroup2");
	mount = fs < 0 ? fs : mount_fs_create(fs, (unsigned)m->attributes);
	return mount < 0 ? mount : mount_attach(mount, target);
}

static int attach(struct launch *l, const struct plan_mount *m, int source, int root)
{
	autoclose int target = open_target(l->plan, m, root);
	autoclose int made = -1;

	if (target < 0)
		return target;
	if (m->kind == PLAN_MOUNT_CGROUP)
		return attach_cgroups(l, m, root, target);
	if (m->kind == PLAN_MOUNT_BIND)
		return mount_attach(source, target);
	made = make_file_system(l->plan, m);
	if (made == -ENODEV && (m->flags & PLAN_MOUNT_OPTIONAL))
		return 0;
	return made < 0 ? made : mount_attach(made, target);
}

int attach_mounts(struct launch *l, struct error *err)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	size_t i = 0;

	PLAN_FOR_EACH(l->plan, mounts, struct plan_mount, m)
	{
		int r = attach(l, m, l->mount_fds[i++], root);

		if (r < 0)
			return fail_errno_as(err, ERR_START_FAILED, r, "%s", plan_get_text(l->plan, m->target));
	}
	return 0;
}
