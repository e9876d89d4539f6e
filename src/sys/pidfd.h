/* pidfd.h - a process that cannot be mistaken for another one. No policy, no text: negative errno. */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

/* Returns a pidfd (O_CLOEXEC, the caller's), or -ESRCH when the process has ended or was replaced: start_time is
 * field 22 of
 *  /proc/PID/stat, in clock ticks since boot, and settles which of two owners of a pid is meant. A zombie has ended. */
int pidfd_open_checked(pid_t pid, unsigned long long start_time);

/* Any process; -ESRCH when there is none. */
int pidfd_open_any(pid_t pid);

/* Sends signo. -ESRCH when it has ended. Never reaches a later process with the same number. */
int pidfd_signal(int pidfd, int signo);

/* The wait status of a process that has ended and may be reaped already (PIDFD_INFO_EXIT: Linux 6.15 and later, on a
 * pidfd opened before the end). -EAGAIN while it lives or is not reaped, -ENODATA or -ENOTTY where the kernel does
 * not know. */
int pidfd_exit_status(int pidfd, int *ret_status);

/* True while the process that these two name lives (a zombie does not). */
bool process_is_alive(pid_t pid, unsigned long long start_time);
