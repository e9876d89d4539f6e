/* device_scan.c - the device nodes of this host. */
#include "sys/device_scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/memory.h"
#include "base/strbuf.h"

#define DEEPEST 8
#define MOST_NODES 4096

void device_list_done(struct device_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].path);
	free(list->items);
	*list = (struct device_list){ 0 };
}

/* moby, pkg/devices: these are not the host's to give. */
static bool is_passed_over(const char *name)
{
	static const char *const names[] = {
		".", "..", "pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int add_node(struct device_list *list, const char *path, const struct stat *st)
{
	struct device_node node = { .path = strdup(path),
				    .mode = st->st_mode,
				    .major = major(st->st_rdev),
				    .minor = minor(st->st_rdev),
				    .uid = st->st_uid,
				    .gid = st->st_gid };
	int r = -ENOMEM;

	if (node.path && list->count < MOST_NODES)
		r = array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof(node));
	else if (node.path)
		r = -E2BIG;
	if (r < 0)
		free(node.path);
	else
		list->items[list->count++] = node;
	return r;
}

static int scan(struct device_list *list, int dirfd, const char *name, const char *path, int depth);

static int look_at(struct device_list *list, int dirfd, const char *name, const char *directory, int depth)
{
	autofree char *path = text_format("%s/%s", directory, name);
	struct stat st;

	if (!path)
		return -ENOMEM;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode) && depth < DEEPEST)
		return scan(list, dirfd, name, path, depth + 1);
	return S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode) ? add_node(list, path, &st) : 0;
}

static int scan(struct device_list *list, int dirfd, const char *name, const char *path, int depth)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		r = -errno;
		cleanup_close(&fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (!is_passed_over(entry->d_name))
			r = look_at(list, fd, entry->d_name, path, depth);
	closedir(dir);
	return r;
}

int device_scan(struct device_list *ret)
{
	AUTO_DONE(device_list) list = { 0 };
	int r = scan(&list, AT_FDCWD, "/dev", "/dev", 0);

	if (r < 0)
		return r;
	*ret = list;
	list = (struct device_list){ 0 };
	return 0;
}
