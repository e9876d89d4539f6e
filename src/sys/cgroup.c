/* cgroup.c - control groups as files: finding the hierarchies, making, joining, killing, removing. */
#include "sys/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <time.h>

#include "base/file.h"
#include "base/text.h"

#ifndef CGROUP2_SUPER_MAGIC
#define CGROUP2_SUPER_MAGIC 0x63677270
#endif

#define MOUNT_POINT "/sys/fs/cgroup"

static bool is_type(int fd, unsigned long magic)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == magic;
}

static int open_dir(int dirfd, const char *path)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

void cgroup_done(struct cgroup *group)
{
	for (size_t i = 0; i < group->n; i++)
		close(group->hierarchies[i].fd);
	group->n = 0;
}

static int add_hierarchy(struct cgroup *group, const char *name, int fd, bool is_v2)
{
	struct cgroup_hierarchy *h = &group->hierarchies[group->n];

	if (group->n == CGROUP_MOST_HIERARCHIES || strlen(name) >= CGROUP_NAME_SIZE)
		return -E2BIG;
	memcpy(h->name, name, strlen(name) + 1);
	h->is_v2 = is_v2;
	h->fd = fd;
	group->n++;
	return 0;
}

/* One mounted v1 hierarchy, or hybrid's v2 one; links ("cpu" -> "cpu,cpuacct") and anything else are passed over. */
static int add_mounted(struct cgroup *roots, int base, const char *name)
{
	autoclose int fd = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;
	bool is_v2;
	int r;

	if (fd < 0)
		return 0;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	is_v2 = (unsigned long)fs.f_type == CGROUP2_SUPER_MAGIC;
	if (!is_v2 && (unsigned long)fs.f_type != CGROUP_SUPER_MAGIC)
		return 0;
	r = add_hierarchy(roots, name, fd, is_v2);
	if (r == 0)
		fd = -1;
	return r;
}

/* The roots of all hierarchies, found without parsing the mount table. */
static int open_roots(struct cgroup *ret)
{
	AUTO_DONE(cgroup) roots = { 0 };
	int base = open_dir(AT_FDCWD, MOUNT_POINT), r = 0;
	struct dirent *entry;
	DIR *dir;

	if (base < 0)
		return base;
	if (is_type(base, CGROUP2_SUPER_MAGIC))
		return add_hierarchy(ret, "", base, true);
	dir = fdopendir(base);
	if (!dir) {
		close(base);
		return -ENOMEM;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && entry->d_type == DT_DIR)
			r = add_mounted(&roots, base, entry->d_name);
	closedir(dir);
	if (r == 0 && roots.n == 0)
		r = -ENOENT;
	if (r < 0)
		return r;
	*ret = roots;
	roots.n = 0;
	return 0;
}

int cgroup_layout_get(void)
{
	AUTO_DONE(cgroup) roots = { 0 };
	int r = open_roots(&roots);

	if (r < 0)
		return r;
	for (size_t i = 0; i < roots.n; i++)
		if (roots.hierarchies[i].is_v2)
			return roots.n == 1 ? CGROUP_V2 : CGROUP_HYBRID;
	return CGROUP_V1;
}

static int write_file(int dirfd, const char *file, const char *text)
{
	autoclose int fd = openat(dirfd, file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

static ssize_t read_file(int dirfd, const char *file, char *ret, size_t size)
{
	autoclose int fd = openat(dirfd, file, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read_full(fd, ret, size - 1);
	if (n >= 0)
		ret[n] = '\0';
	return n;
}

/* A new v1 cpuset has no cpus and no memory nodes, and refuses processes until it has. */
static int inherit_cpuset(int parent, int child)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	char text[4096];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		ssize_t n = read_file(child, files[i], text, sizeof(text));

		if (n > 1)
			continue;
		if (n >= 0)
			n = read_file(parent, files[i], text, sizeof(text));
		if (n < 0)
			return (int)n;
		n = write_file(child, files[i], text);
		if (n < 0)
			return (int)n;
	}
	return 0;
}

/* One by one: a controller that the parent does not offer must not keep the others away. Errors show when a limit is
 * set. */
static void enable_controllers(int fd)
{
	static const char *const controllers[] = { "+cpu", "+memory", "+pids", "+cpuset", "+io" };
	char enabled[256];

	if (read_file(fd, "cgroup.subtree_control", enabled, sizeof(enabled)) < 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(controllers); i++)
		if (!strstr(enabled, controllers[i] + 1))
			write_file(fd, "cgroup.subtree_control", controllers[i]);
}

static bool has_controller(const struct cgroup_hierarchy *h, const char *controller)
{
	size_t len = strlen(controller);

	if (h->is_v2)
		return false;
	for (const char *p = h->name; p; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, controller, len) == 0 && (p[len] == ',' || p[len] == '\0'))
			return true;
	}
	return false;
}

/* The v2 tree of a hybrid layout has no controllers to hand down. */
static bool hands_down(const struct cgroup_hierarchy *h)
{
	return h->is_v2 && h->name[0] == '\0';
}

/* Makes one of the parents, where it is missing, and prepares it for groups below. Its fd. */
static int make_parent(const struct cgroup_hierarchy *h, int parent, const char *name)
{
	bool is_made = mkdirat(parent, name, 0755) == 0;
	int fd, r = 0;

	if (!is_made && errno != EEXIST)
		return -errno;
	fd = open_dir(parent, name);
	if (fd >= 0 && has_controller(h, "cpuset"))
		r = inherit_cpuset(parent, fd);
	if (fd >= 0 && hands_down(h))
		enable_controllers(fd);
	if (r == 0)
		return fd;
	close(fd);
	return r;
}

/* Walks to the parent of path's last component, making what is missing. Its fd; *ret_name is the last component. */
static int make_parents(const struct cgroup_hierarchy *root, char *path, const char **ret_name)
{
	int fd = open_dir(root->fd, ".");
	char *rest = path, *name = strsep(&rest, "/");

	if (fd >= 0 && hands_down(root))
		enable_controllers(fd);
	for (; fd >= 0 && rest; name = strsep(&rest, "/")) {
		autoclose int parent = fd;

		fd = *name ? make_parent(root, parent, name) : TAKE_FD(parent);
	}
	*ret_name = name;
	return fd;
}

static int open_made(const struct cgroup_hierarchy *h, int parent, const char *name)
{
	int fd = open_dir(parent, name), r = 0;

	if (fd < 0 || !has_controller(h, "cpuset"))
		return fd;
	r = inherit_cpuset(parent, fd);
	if (r == 0)
		return fd;
	close(fd);
	unlinkat(parent, name, AT_REMOVEDIR);
	return r;
}

static int make_with_parents(const struct cgroup_hierarchy *root, const char *path)
{
	autofree char *copy = strdup(path);
	autoclose int parent = -1;
	const char *name;

	if (!copy)
		return -ENOMEM;
	parent = make_parents(root, copy, &name);
	if (parent < 0)
		return parent;
	return mkdirat(parent, name, 0755) < 0 ? -errno : open_made(root, parent, name);
}

#define MAKE_TRIES 16

/* Where the parents are there: one mkdir, one open. A cpuset is inherited from its parent, which must be at hand
 * then, and a pure v2 tree is asked each time whether it hands its controllers down. An end elsewhere may take the
 * parents away between two calls: ENOENT is tried again. */
static int make_in(const struct cgroup_hierarchy *root, const char *path)
{
	int r = -ENOENT;

	if (!has_controller(root, "cpuset") && !hands_down(root)) {
		if (mkdirat(root->fd, path, 0755) == 0)
			return open_dir(root->fd, path);
		if (errno != ENOENT)
			return -errno;
	}
	for (int i = 0; r == -ENOENT && i < MAKE_TRIES; i++)
		r = make_with_parents(root, path);
	return r;
}

/* Whoever makes a group makes its parent again: make_in expects that it may go. */
static int remove_empty_parent(const struct cgroup *roots, const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *parent = slash && slash > path ? strndup(path, (size_t)(slash - path)) : NULL;

	for (size_t i = 0; parent && i < roots->n; i++)
		unlinkat(roots->hierarchies[i].fd, parent, AT_REMOVEDIR);
	return slash && slash > path && !parent ? -ENOMEM : 0;
}

int cgroup_make(const char *path, struct cgroup *ret)
{
	AUTO_DONE(cgroup) roots = { 0 };
	AUTO_DONE(cgroup) made = { 0 };
	int r = open_roots(&roots);

	for (size_t i = 0; r >= 0 && i < roots.n; i++) {
		r = make_in(&roots.hierarchies[i], path);
		if (r >= 0)
			add_hierarchy(&made, roots.hierarchies[i].name, r, roots.hierarchies[i].is_v2);
	}
	if (r < 0) {
		for (size_t i = 0; i < made.n; i++)
			unlinkat(roots.hierarchies[i].fd, path, AT_REMOVEDIR);
		remove_empty_parent(&roots, path);
		return r;
	}
	*ret = made;
	made.n = 0;
	return 0;
}

int cgroup_open(const char *path, struct cgroup *ret)
{
	AUTO_DONE(cgroup) roots = { 0 };
	AUTO_DONE(cgroup) found = { 0 };
	int r = open_roots(&roots);

	if (r < 0)
		return r;
	for (size_t i = 0; i < roots.n; i++) {
		int fd = open_dir(roots.hierarchies[i].fd, path);

		if (fd >= 0)
			add_hierarchy(&found, roots.hierarchies[i].name, fd, roots.hierarchies[i].is_v2);
	}
	if (found.n == 0)
		return -ENOENT;
	*ret = found;
	found.n = 0;
	return 0;
}

int cgroup_clone_fd(const struct cgroup *group)
{
	for (size_t i = 0; i < group->n; i++)
		if (group->hierarchies[i].is_v2)
			return group->hierarchies[i].fd;
	return -1;
}

int cgroup_join(const struct cgroup *group, bool has_v2)
{
	for (size_t i = 0; i < group->n; i++) {
		const struct cgroup_hierarchy *h = &group->hierarchies[i];
		int r = 0;

		if (!h->is_v2)
			r = write_file(h->fd, "tasks", "0");
		else if (has_v2)
			r = write_file(h->fd, "cgroup.procs", "0");
		if (r < 0)
			return r;
	}
	return 0;
}

static int fd_of(const struct cgroup *group, const char *controller)
{
	for (size_t i = 0; i < group->n; i++)
		if (has_controller(&group->hierarchies[i], controller) ||
		    (group->hierarchies[i].is_v2 && !group->hierarchies[i].name[0]))
			return group->hierarchies[i].fd;
	return -1;
}

ssize_t cgroup_read(const struct cgroup *group, const char *controller, const char *file, char *ret, size_t size)
{
	int fd = fd_of(group, controller);

	return fd < 0 ? -ENOENT : read_file(fd, file, ret, size);
}

int cgroup_write(const struct cgroup *group, const char *controller, const char *file, const char *text)
{
	int fd = fd_of(group, controller);

	return fd < 0 ? -ENOENT : write_file(fd, file, text);
}

int cgroup_open_file(const struct cgroup *group, const char *controller, const char *file, int flags)
{
	int dir = fd_of(group, controller), fd = dir < 0 ? -1 : openat(dir, file, flags | O_CLOEXEC);

	if (dir < 0)
		return -ENOENT;
	return fd < 0 ? -errno : fd;
}

/* Kills by list; a list that empties itself while we read is read again by the caller. */
static void kill_listed(int fd)
{
	char text[16384];
	ssize_t n = read_file(fd, "cgroup.procs", text, sizeof(text));
	char *rest = text, *line;

	if (n <= 0)
		return;
	while ((line = strsep(&rest, "\n"))) {
		uint32_t pid;

		if (parse_u32(line, &pid) == 0 && pid > 1)
			kill((pid_t)pid, SIGKILL);
	}
}

int cgroup_kill(const struct cgroup *group)
{
	int fd = cgroup_clone_fd(group);

	if (fd >= 0 && write_file(fd, "cgroup.kill", "1") == 0 && group->n == 1)
		return 0;
	for (size_t i = 0; i < group->n; i++)
		kill_listed(group->hierarchies[i].fd);
	return 0;
}

uint64_t cgroup_oom_kills(const struct cgroup *group)
{
	char text[1024];
	unsigned long long count = 0;
	const char *line;

	if (cgroup_read(group, "memory", "memory.oom_control", text, sizeof(text)) < 0 &&
	    cgroup_read(group, "memory", "memory.events", text, sizeof(text)) < 0)
		return 0;
	line = strstr(text, "oom_kill ");
	if (!line || sscanf(line, "oom_kill %llu", &count) != 1)
		return 0;
	return count;
}

#define REMOVE_TRIES 200
#define REMOVE_PAUSE_NS 5000000

static int remove_once(const struct cgroup *roots, const char *path)
{
	int first = 0;

	for (size_t i = 0; i < roots->n; i++)
		if (unlinkat(roots->hierarchies[i].fd, path, AT_REMOVEDIR) < 0 && errno != ENOENT && first == 0)
			first = -errno;
	return first;
}

#define DEEPEST 32

/* Kills what is in the group and below it, and removes the groups below: a container may make some of its own. */
static void clear_group(int fd, int depth)
{
	int listing = open_dir(fd, ".");
	DIR *dir = listing < 0 ? NULL : fdopendir(listing);
	struct dirent *entry;

	kill_listed(fd);
	while (dir && depth < DEEPEST && (entry = readdir(dir))) {
		autoclose int child =
			entry->d_type == DT_DIR && entry->d_name[0] != '.' ? open_dir(fd, entry->d_name) : -1;

		if (child < 0)
			continue;
		clear_group(child, depth + 1);
		unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
	else
		cleanup_close(&listing);
}

int cgroup_remove(const char *path)
{
	AUTO_DONE(cgroup) roots = { 0 };
	int r = open_roots(&roots);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = remove_once(&roots, path);
	for (int i = 0; r == -EBUSY && i < REMOVE_TRIES; i++) {
		AUTO_DONE(cgroup) group = { 0 };

		if (cgroup_open(path, &group) == 0)
			for (size_t j = 0; j < group.n; j++)
				clear_group(group.hierarchies[j].fd, 0);
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = REMOVE_PAUSE_NS }, NULL);
		r = remove_once(&roots, path);
	}
	return r < 0 ? r : remove_empty_parent(&roots, path);
}
