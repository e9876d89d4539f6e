/* copy_tree.c - a directory's content copied by fd. */
#include "sys/copy_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"

#define DEEPEST 256
#define XATTR_LIST_MOST 65536

static int copy_one_xattr(int from, int to, const char *name)
{
	char value[XATTR_LIST_MOST];
	ssize_t n = fgetxattr(from, name, value, sizeof(value));

	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	return fsetxattr(to, name, value, (size_t)n, 0) < 0 && errno != ENOTSUP && errno != EPERM ? -errno : 0;
}

static int copy_xattrs(int from, int to)
{
	char names[XATTR_LIST_MOST];
	ssize_t n = flistxattr(from, names, sizeof(names));
	int r = 0;

	if (n < 0)
		return errno == ENOTSUP ? 0 : -errno;
	/* overlayfs' own marks are not part of the content. */
	for (char *name = names; r == 0 && name < names + n; name += strlen(name) + 1)
		if (strncmp(name, "trusted.overlay.", 16) != 0)
			r = copy_one_xattr(from, to, name);
	return r;
}

/* Owner before mode: chown clears the set-id bits. */
static int copy_attributes(int from, int to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int r;

	if (fchown(to, st->st_uid, st->st_gid) < 0)
		return -errno;
	r = copy_xattrs(from, to);
	if (r < 0)
		return r;
	return fchmod(to, st->st_mode & 07777) < 0 || futimens(to, times) < 0 ? -errno : 0;
}

static int copy_range(int from, int to, off_t start, off_t end)
{
	off_t in = start, out = start;

	while (in < end) {
		char buffer[65536];
		ssize_t n = syscall(SYS_copy_file_range, from, &in, to, &out, (size_t)(end - in), 0);

		if (n > 0)
			continue;
		if (n == 0)
			return 0;
		if (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS)
			return -errno;
		n = pread(from, buffer, sizeof(buffer), in);
		if (n <= 0)
			return n < 0 ? -errno : 0;
		if (pwrite(to, buffer, (size_t)n, out) != n)
			return errno ? -errno : -EIO;
		in += n;
		out += n;
	}
	return 0;
}

static int copy_data(int from, int to, off_t size)
{
	off_t data = 0;
	int r = 0;

	if (ftruncate(to, size) < 0)
		return -errno;
	while (r == 0 && data < size) {
		off_t start = lseek(from, data, SEEK_DATA), hole;

		if (start < 0 && errno == ENXIO)
			break; /* nothing but a hole from here on */
		hole = start < 0 ? -1 : lseek(from, start, SEEK_HOLE);
		r = copy_range(from, to, start < 0 ? data : start, hole < 0 ? size : hole);
		data = hole < 0 ? size : hole;
	}
	return r;
}

static int copy_file(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	autoclose int from = openat(from_dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	autoclose int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (from < 0 || to < 0)
		return -errno;
	r = copy_data(from, to, st->st_size);
	return r < 0 ? r : copy_attributes(from, to, st);
}

static int copy_link(int from_dir, int to_dir, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(from_dir, name, target, sizeof(target) - 1);

	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (symlinkat(target, to_dir, name) < 0)
		return -errno;
	return fchownat(to_dir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

static int copy_node(int to_dir, const char *name, const struct stat *st)
{
	if (mknodat(to_dir, name, st->st_mode, st->st_rdev) < 0)
		return -errno;
	if (fchownat(to_dir, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return fchmodat(to_dir, name, st->st_mode & 07777, 0) < 0 ? -errno : 0;
}

static int copy_below(int from_fd, int to_fd, dev_t device, int depth);

static int copy_dir(int from_dir, int to_dir, const char *name, const struct stat *st, int depth)
{
	autoclose int from = openat(from_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	autoclose int to = -1;
	int r;

	if (from < 0 || mkdirat(to_dir, name, 0700) < 0)
		return -errno;
	to = openat(to_dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0)
		return -errno;
	r = copy_below(from, to, st->st_dev, depth + 1);
	return r < 0 ? r : copy_attributes(from, to, st);
}

static int copy_entry(int from_dir, int to_dir, const char *name, dev_t device, int depth)
{
	struct stat st;

	if (fstatat(from_dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return st.st_dev == device ? copy_dir(from_dir, to_dir, name, &st, depth) : 0;
	if (S_ISREG(st.st_mode))
		return copy_file(from_dir, to_dir, name, &st);
	if (S_ISLNK(st.st_mode))
		return copy_link(from_dir, to_dir, name, &st);
	if (S_ISSOCK(st.st_mode))
		return 0;
	return copy_node(to_dir, name, &st);
}

static int copy_below(int from_fd, int to_fd, dev_t device, int depth)
{
	int listing = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = listing < 0 ? NULL : fdopendir(listing);
	struct dirent *entry;

	if (!dir || depth > DEEPEST) {
		r = depth > DEEPEST ? -ELOOP : -errno;
		if (dir)
			closedir(dir);
		else if (listing >= 0)
			close(listing);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = copy_entry(from_fd, to_fd, entry->d_name, device, depth);
	closedir(dir);
	return r;
}

int copy_tree(int from_fd, int to_fd)
{
	struct stat st;
	int r;

	if (fstat(from_fd, &st) < 0)
		return -errno;
	r = copy_below(from_fd, to_fd, st.st_dev, 0);
	return r < 0 ? r : copy_attributes(from_fd, to_fd, &st);
}
