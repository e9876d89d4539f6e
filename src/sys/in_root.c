/* in_root.c - the fd-only path layer. */
#include "sys/in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static int open_below(int root_fd, const char *path, int flags, unsigned long long resolve)
{
	struct open_how how = { .flags = (unsigned long long)(flags | O_CLOEXEC), .resolve = resolve };
	long fd = -1;

	/* EAGAIN: something was renamed or mounted during the walk; the kernel asks to try again. */
	for (int tries = 0; tries < 64; tries++) {
		fd = syscall(SYS_openat2, root_fd, *path ? path : ".", &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

int in_root_open(int root_fd, const char *path, int flags)
{
	return open_below(root_fd, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int in_root_open_no_links(int root_fd, const char *path, int flags)
{
	return open_below(root_fd, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

#define MOST_LINKS 16

static int make_dirs(int root_fd, const char *path, int n_links);

/* A link at parent/name that leads nowhere: what it names is made, inside the root. */
static int make_link_target(int root_fd, int parent, const char *prefix, const char *name, int n_links)
{
	char target[PATH_MAX];
	autofree char *path = NULL;
	ssize_t n = readlinkat(parent, name, target, sizeof(target) - 1);
	autoclose int made = -1;

	if (n < 0)
		return errno == EINVAL ? -ENOENT : -errno;
	if (n_links == MOST_LINKS)
		return -ELOOP;
	target[n] = '\0';
	if (asprintf(&path, "%.*s/%s", target[0] == '/' ? 0 : (int)(name - prefix), prefix, target) < 0)
		return -ENOMEM;
	made = make_dirs(root_fd, path, n_links + 1);
	return made < 0 ? made : 0;
}

/* Opens the directory `prefix`, making its last component, name, below parent where it is missing. */
static int open_or_make(int root_fd, int parent, const char *prefix, const char *name, int n_links)
{
	int fd = in_root_open(root_fd, prefix, O_PATH | O_DIRECTORY), r = 0;

	if (fd != -ENOENT)
		return fd;
	if (strcmp(name, "..") == 0)
		return -EINVAL;
	if (mkdirat(parent, name, 0755) < 0)
		r = errno == EEXIST ? make_link_target(root_fd, parent, prefix, name, n_links) : -errno;
	return r < 0 ? r : in_root_open(root_fd, prefix, O_PATH | O_DIRECTORY);
}

/* Component by component, each opened from the root by the whole prefix, so that links are honoured on the way. */
static int make_dirs(int root_fd, const char *path, int n_links)
{
	char prefix[PATH_MAX];
	size_t len = strlen(path), at = 0;
	int fd = in_root_open(root_fd, "/", O_PATH | O_DIRECTORY);

	if (len >= sizeof(prefix))
		return -ENAMETOOLONG;
	while (fd >= 0 && at < len) {
		autoclose int parent = fd;
		size_t name_at = at + strspn(path + at, "/"), end = name_at + strcspn(path + name_at, "/");

		if (end == name_at)
			return TAKE_FD(parent);
		memcpy(prefix, path, end);
		prefix[end] = '\0';
		fd = open_or_make(root_fd, parent, prefix, prefix + name_at, n_links);
		at = end;
	}
	return fd;
}

int in_root_make_dir(int root_fd, const char *path)
{
	int fd = in_root_open(root_fd, path, O_PATH | O_DIRECTORY);

	return fd == -ENOENT ? make_dirs(root_fd, path, 0) : fd;
}

int in_root_make_file(int root_fd, const char *path)
{
	autofree char *parent_path = NULL;
	autoclose int parent = -1, made = -1;
	const char *name = strrchr(path, '/');
	int fd = in_root_open(root_fd, path, O_PATH);

	if (fd != -ENOENT)
		return fd;
	parent_path = name ? strndup(path, (size_t)(name - path)) : strdup("/");
	name = name ? name + 1 : path;
	if (!parent_path)
		return -ENOMEM;
	parent = in_root_make_dir(root_fd, parent_path);
	if (parent < 0)
		return parent;
	made = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (made < 0 && errno != EEXIST)
		return -errno;
	return in_root_open(root_fd, path, O_PATH);
}
