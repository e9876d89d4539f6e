/* procfs.h - this kernel's /proc, opened once and checked to be procfs; every file of it is opened from that handle.
 * Negative errno.
 */
#pragma once
#include <stddef.h>
#include <sys/types.h>

/* The handle, borrowed, or negative errno (-ENODEV: what stands at /proc is something else). Opened at the first
 * call. */
int procfs_get(void);

/* Opens a file below /proc, never following a link out of it. */
int procfs_open(const char *path, int flags);

/* Up to size-1 bytes of a file below /proc, NUL-terminated. The length or negative errno. */
ssize_t procfs_read(const char *path, char *ret, size_t size);

/* /proc/self/fd/N as text, for the calls that know paths only. */
#define PROCFS_FD_PATH_SIZE 32
void procfs_fd_path(int fd, char ret[PROCFS_FD_PATH_SIZE]);

struct process_stat {
	char state; /* 'R', 'S', 'Z' ... */
	pid_t parent;
	unsigned long long start_time; /* clock ticks since boot: field 22 of /proc/PID/stat */
};

/* -ESRCH when there is no such process. */
int process_stat_get(pid_t pid, struct process_stat *ret);

/* A namespace of a process ("net", "mnt", ...) as an fd of the caller's. */
int process_open_namespace(pid_t pid, const char *name);

/* Boot id, 36 characters and a NUL. */
#define BOOT_ID_SIZE 37
int boot_id_get(char ret[BOOT_ID_SIZE]);
