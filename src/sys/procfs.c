/* procfs.c - /proc through one checked handle. */
#include "sys/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"

int procfs_get(void)
{
	static int handle = -1;
	struct statfs fs;
	int fd, expected = -1;

	if (handle >= 0)
		return handle;
	fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC) {
		close(fd);
		return -ENODEV;
	}
	if (!__atomic_compare_exchange_n(&handle, &expected, fd, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		close(fd);
	return handle;
}

static int open_below_proc(const char *path, int flags, unsigned long long resolve)
{
	struct open_how how = { .flags = (unsigned long long)(flags | O_CLOEXEC), .resolve = resolve };
	int proc = procfs_get();
	long fd;

	if (proc < 0)
		return proc;
	fd = syscall(SYS_openat2, proc, path, &how, sizeof(how));
	return fd < 0 ? -errno : (int)fd;
}

int procfs_open(const char *path, int flags)
{
	return open_below_proc(path, flags, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
}

ssize_t procfs_read(const char *path, char *ret, size_t size)
{
	autoclose int fd = procfs_open(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read_full(fd, ret, size - 1);
	if (n >= 0)
		ret[n] = '\0';
	return n;
}

void procfs_fd_path(int fd, char ret[PROCFS_FD_PATH_SIZE])
{
	snprintf(ret, PROCFS_FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

int process_open_namespace(pid_t pid, const char *name)
{
	char path[48];

	snprintf(path, sizeof(path), "%d/ns/%s", (int)pid, name);
	/* The last step is a magic link by nature: it is the one thing wanted here. */
	return open_below_proc(path, O_RDONLY, 0);
}

int process_stat_get(pid_t pid, struct process_stat *ret)
{
	char path[32], text[1024], *after_name;
	ssize_t n;

	snprintf(path, sizeof(path), "%d/stat", (int)pid);
	n = procfs_read(path, text, sizeof(text));
	if (n <= 0)
		return n == 0 || n == -ENOENT ? -ESRCH : (int)n;
	/* The name, in parentheses, may hold anything: what follows its last ')' is fields 3 and on. */
	after_name = strrchr(text, ')');
	if (!after_name ||
	    sscanf(after_name + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   &ret->state, &ret->parent, &ret->start_time) != 3)
		return -EINVAL;
	return 0;
}

int boot_id_get(char ret[BOOT_ID_SIZE])
{
	ssize_t n = procfs_read("sys/kernel/random/boot_id", ret, BOOT_ID_SIZE);

	if (n < 0)
		return (int)n;
	return n == BOOT_ID_SIZE - 1 ? 0 : -EINVAL;
}
