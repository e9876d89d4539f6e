/* bundle_directory.c - where a bundle is written. */
#include "lib/bundle_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <stdbool.h>

#include "base/cleanup.h"

static int check_empty(int fd, const char *path, struct error *err)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;
	bool is_empty = true;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return fail_errno(err, errno, "%s", path);
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			is_empty = false;
	closedir(dir);
	return is_empty ? 0 : fail(err, ERR_CONFLICT, "%s: the directory is not empty", path);
}

int bundle_directory_open(const char *path, struct error *err)
{
	autoclose int fd = -1;

	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return fail_errno(err, errno, "%s", path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, errno, "%s", path);
	if (check_empty(fd, path, err) < 0)
		return -1;
	return TAKE_FD(fd);
}
