/* spawn.c - double fork and exec by fd. Both forks share memory (CLONE_VM | CLONE_VFORK): nothing is copied, and the
 * failure of the innermost step is seen in a variable.
 */
#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/mount_api.h"

#define STACK_SIZE (64 * 1024)
#define MOST_FDS 8

int spawn_open_program(const char *path)
{
	autoclose int fd = mount_clone(AT_FDCWD, path, false);
	int r;

	if (fd < 0)
		return fd;
	r = mount_set_attributes(fd, "", false, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, 0);
	return r < 0 ? r : TAKE_FD(fd);
}

struct request {
	int program_fd;
	char *const *argv;
	const int *fds;
	size_t n_fds;
	char *inner_stack;
	int status; /* 0 or negative errno, written by the grandchild */
};

/* First everything above the range is copied out of the way, then into place: a source may stand in a target's
 * place. */
static int place_fds(struct request *r)
{
	int copies[MOST_FDS + 1];

	for (size_t i = 0; i <= r->n_fds; i++) {
		copies[i] = fcntl(i < r->n_fds ? r->fds[i] : r->program_fd, F_DUPFD_CLOEXEC, MOST_FDS + 1);
		if (copies[i] < 0)
			return -errno;
	}
	for (size_t i = 0; i < r->n_fds; i++)
		if (dup3(copies[i], (int)i, 0) < 0)
			return -errno;
	r->program_fd = copies[r->n_fds];
	return 0;
}

static int run_program(void *arg)
{
	static char *const no_environment[] = { NULL };
	struct request *r = arg;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	r->status = place_fds(r);
	if (r->status == 0) {
		syscall(SYS_close_range, (unsigned)r->n_fds, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
		syscall(SYS_execveat, r->program_fd, "", r->argv, no_environment, AT_EMPTY_PATH);
		r->status = -errno;
	}
	_exit(127);
}

static int fork_again(void *arg)
{
	struct request *r = arg;

	if (clone(run_program, r->inner_stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | SIGCHLD, r) < 0)
		r->status = -errno;
	_exit(0);
}

int spawn_detached(int program_fd, char *const argv[], const int *fds, size_t n_fds)
{
	struct request r = { .program_fd = program_fd, .argv = argv, .fds = fds, .n_fds = n_fds };
	autofree char *outer_stack = malloc(STACK_SIZE);
	autofree char *inner_stack = malloc(STACK_SIZE);
	sigset_t all, former;
	pid_t pid;

	if (!outer_stack || !inner_stack)
		return -ENOMEM;
	if (n_fds > MOST_FDS)
		return -E2BIG;
	r.inner_stack = inner_stack;
	/* A handler of the caller's must not run in a child that shares its memory. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &former);
	/* No exit signal: the caller's SIGCHLD handler and its wait(-1) never see the child. */
	pid = clone(fork_again, outer_stack + STACK_SIZE, CLONE_VM | CLONE_VFORK, &r);
	if (pid < 0)
		r.status = -errno;
	else
		while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &former, NULL);
	return r.status;
}
