/* seccomp_install.h - putting a system call filter in place. Libc alone; negative errno. */
#pragma once
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>

/* Filters this thread and what it starts from now on. flags: SECCOMP_FILTER_FLAG_*. Needs no_new_privs or
 * CAP_SYS_ADMIN: -EACCES without; -EINVAL: no program, or a flag that the kernel does not know. */
int seccomp_install(const struct sock_filter *program, size_t length, unsigned flags);
