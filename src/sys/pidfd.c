/* pidfd.c - a process that cannot be mistaken for another one. */
#include "sys/pidfd.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/procfs.h"

int pidfd_open_any(pid_t pid)
{
	long fd = syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : (int)fd;
}

bool process_is_alive(pid_t pid, unsigned long long start_time)
{
	struct process_stat st;

	return process_stat_get(pid, &st) == 0 && st.start_time == start_time && st.state != 'Z' && st.state != 'X';
}

int pidfd_open_checked(pid_t pid, unsigned long long start_time)
{
	int fd = pidfd_open_any(pid);

	if (fd < 0)
		return fd == -EINVAL ? -ESRCH : fd;
	/* Asked after the open: while the number names our process, so does the fd. */
	if (process_is_alive(pid, start_time))
		return fd;
	close(fd);
	return -ESRCH;
}

int pidfd_signal(int pidfd, int signo)
{
	return syscall(SYS_pidfd_send_signal, pidfd, signo, NULL, 0) < 0 ? -errno : 0;
}

/* struct pidfd_info as of Linux 6.15; headers of today's distributions lack it. */
struct exit_info {
	uint64_t mask, cgroupid;
	uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
	int32_t exit_code;
	uint32_t coredump_mask, spare;
};
#define INFO_HAS_EXIT (1ULL << 3)
#define GET_INFO _IOWR(0xFF, 11, struct exit_info)

int pidfd_exit_status(int pidfd, int *ret_status)
{
	struct exit_info info = { .mask = INFO_HAS_EXIT };

	if (ioctl(pidfd, GET_INFO, &info) < 0)
		return errno == ESRCH ? -ENODATA : -errno;
	if (!(info.mask & INFO_HAS_EXIT))
		return -EAGAIN;
	*ret_status = info.exit_code;
	return 0;
}
