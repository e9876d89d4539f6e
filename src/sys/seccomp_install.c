/* seccomp_install.c - putting a system call filter in place. */
#include "sys/seccomp_install.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

int seccomp_install(const struct sock_filter *program, size_t length, unsigned flags)
{
	struct sock_fprog filter = { .len = (unsigned short)length, .filter = (struct sock_filter *)program };

	if (length == 0 || length > BPF_MAXINSNS)
		return -EINVAL;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter) < 0 ? -errno : 0;
}
