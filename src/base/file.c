/* file.c - whole files and whole writes, by directory fd. */
#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/memory.h"

int fd_read_all(int fd, size_t limit, char **ret, size_t *ret_len)
{
	autofree char *data = NULL;
	size_t len = 0, capacity = 0;
	ssize_t n;

	do {
		if (array_reserve((void **)&data, &capacity, len + 4096 + 1, 1) < 0)
			return -ENOMEM;
		n = read(fd, data + len, capacity - len - 1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			len += (size_t)n;
		if (len > limit)
			return -EFBIG;
	} while (n != 0);
	data[len] = '\0';
	if (ret_len)
		*ret_len = len;
	*ret = TAKE_PTR(data);
	return 0;
}

int file_read_at(int dirfd, const char *path, size_t limit, char **ret, size_t *ret_len)
{
	autoclose int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	return fd_read_all(fd, limit, ret, ret_len);
}

int write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

ssize_t read_full(int fd, void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(fd, (char *)data + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int file_create_at(int dirfd, const char *path, const void *data, size_t len, mode_t mode)
{
	autoclose int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, data, len);
	if (r < 0)
		unlinkat(dirfd, path, 0);
	return r;
}

static int sync_directory_of(int dirfd, const char *path)
{
	const char *slash = strrchr(path, '/');
	autofree char *parent = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	autoclose int fd = parent ? openat(dirfd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (!parent)
		return -ENOMEM;
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int write_temporary(int dirfd, const char *path, const void *data, size_t len, mode_t mode, bool sync)
{
	autoclose int fd = openat(dirfd, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, data, len);
	if (r == 0 && sync && fdatasync(fd) < 0)
		r = -errno;
	return r;
}

int file_replace_at(int dirfd, const char *path, const void *data, size_t len, mode_t mode,
		    enum file_durability durability)
{
	autofree char *temporary = NULL;
	int r;

	if (asprintf(&temporary, "%s.%d.tmp", path, (int)getpid()) < 0)
		return -ENOMEM;
	r = write_temporary(dirfd, temporary, data, len, mode, durability == FILE_SYNCED);
	if (r == 0 && renameat(dirfd, temporary, dirfd, path) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(dirfd, temporary, 0);
	else if (durability == FILE_SYNCED)
		r = sync_directory_of(dirfd, path);
	return r;
}

static int make_parents(int dirfd, char *path, mode_t mode)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(dirfd, path, mode) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdirat(dirfd, path, mode) < 0 && errno != EEXIST ? -errno : 0;
}

int dir_open_make(int dirfd, const char *path, mode_t mode)
{
	int fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;
	autofree char *copy = NULL;

	if (fd >= 0 || errno != ENOENT)
		return fd < 0 ? -errno : fd;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	r = make_parents(dirfd, copy, mode);
	if (r < 0)
		return r;
	fd = openat(dirfd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int remove_below(int fd, dev_t device);

static int remove_entry(int dirfd, const char *name, dev_t device)
{
	autoclose int fd = -1;
	struct stat st;
	int r;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Two may remove the same tree at once. */
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (device && st.st_dev != device)
		return -EXDEV;
	r = remove_below(TAKE_FD(fd), st.st_dev);
	if (r < 0)
		return r;
	return unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT ? -errno : 0;
}

/* Takes over fd. Goes on after a failure, so that as much as possible is gone; reports the first. */
static int remove_below(int fd, dev_t device)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	int first = 0;

	if (!dir) {
		first = -errno;
		close(fd);
		return first;
	}
	while ((entry = readdir(dir))) {
		int r = 0;

		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = remove_entry(fd, entry->d_name, device);
		if (r < 0 && first == 0)
			first = r;
	}
	closedir(dir);
	return first;
}

int dir_remove_tree(int dirfd, const char *path)
{
	return remove_entry(dirfd, path, 0);
}

bool file_exists_at(int dirfd, const char *path)
{
	return faccessat(dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
