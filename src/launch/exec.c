/* exec.c - one more program in a running container: a first process joins the cgroup and the namespaces, a second
 * one, its sibling, is born inside them and runs the program.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/steps.h"
#include "sys/fd_pass.h"

struct exec_request {
	const struct plan *plan;
	int container_pidfd;
	const struct cgroup *cgroup;
	int stdio[3];
	int channel;
};

static int join_namespaces(const struct exec_request *r, struct error *err)
{
	if (setns(r->container_pidfd, (int)r->plan->namespaces) < 0)
		return fail_errno_as(err, ERR_START_FAILED, errno, "namespaces");
	return 0;
}

/* Nothing of the shim's may be open in a process that the container can see: only what the program needs stays. */
static int close_others(struct exec_request *r, struct error *err)
{
	int *kept[] = { &r->stdio[0], &r->stdio[1], &r->stdio[2], &r->channel };
	int first = 3, above = first + (int)ARRAY_SIZE(kept);

	/* Out of the way first: each may stand in the place of another. */
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		*kept[i] = fcntl(*kept[i], F_DUPFD_CLOEXEC, above);
		if (*kept[i] < 0)
			return fail_errno(err, errno, "descriptors");
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		*kept[i] = dup3(*kept[i], first + (int)i, O_CLOEXEC);
		if (*kept[i] < 0)
			return fail_errno(err, errno, "descriptors");
	}
	return syscall(SYS_close_range, (unsigned)above, ~0U, 0) < 0 ? fail_errno(err, errno, "descriptors") : 0;
}

static int prepare_program(struct exec_request *r, struct userdb_user *user, struct error *err)
{
	autoclose int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (resolve_user(r->plan, root, user, err) < 0)
		return fail_while(err, "user");
	if (set_limits(r->plan, err) < 0)
		return fail_while(err, "limits");
	if (enter_working_directory(r->plan, user, err) < 0)
		return fail_while(err, "working directory");
	give_stdio(r->stdio, user);
	if (take_stdio(r->stdio, err) < 0)
		return -1;
	return drop_privileges(r->plan, user, err) < 0 ? fail_while(err, "privileges") : 0;
}

/* All that a program must not have is gone before there is a process that the container can see: not even one with
 * CAP_SYS_PTRACE finds more in it than it has itself. */
static int become_program(struct exec_request *r, struct userdb_user *user, struct error *err)
{
	int joined = cgroup_join(r->cgroup, false);

	if (joined < 0)
		return fail_errno_as(err, ERR_START_FAILED, joined, "cgroup");
	if (join_namespaces(r, err) < 0 || close_others(r, err) < 0)
		return -1;
	return prepare_program(r, user, err);
}

/* The second process is a child of the shim (CLONE_PARENT), which reaps it; its pid goes over the channel. By the old
 * call: filters refuse clone3, whose flags they cannot see. */
__attribute__((noreturn)) static void run_first(struct exec_request *r)
{
	struct userdb_user user = { 0 };
	struct error err = { 0 };
	pid_t pid;

	if (become_program(r, &user, &err) < 0)
		fail_child(r->channel, &err);
	pid = (pid_t)syscall(SYS_clone, CLONE_PARENT, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		setsid();
		run_program(r->plan, &user, &err);
		fail_child(r->channel, &err);
	}
	if (pid < 0) {
		fail_errno_as(&err, ERR_START_FAILED, errno, "clone");
		fail_child(r->channel, &err);
	}
	fd_pass_send(r->channel, &pid, sizeof(pid), NULL, 0);
	_exit(0);
}

static pid_t fork_first(struct exec_request *r)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int into = cgroup_clone_fd(r->cgroup);

	if (into >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)into;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* The pid and the program's failure may come in either order; the end of the channel is the program's exec. */
static int await_program(int channel, pid_t *ret_pid, struct error *err)
{
	char message[sizeof(struct error)];
	ssize_t n;

	while ((n = recv(channel, message, sizeof(message), 0)) != 0) {
		if (n == (ssize_t)sizeof(*ret_pid))
			memcpy(ret_pid, message, sizeof(*ret_pid));
		else if (n == (ssize_t)sizeof(*err))
			memcpy(err, message, sizeof(*err));
		else if (n > 0 || errno != EINTR)
			return fail(err, ERR_START_FAILED, "channel: unexpected message");
	}
	return err->kind == ERR_NONE ? 0 : -1;
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int launch_exec(const struct plan *plan, int container_pidfd, const struct cgroup *cgroup, const int stdio[3],
		pid_t *ret_pid, struct error *err)
{
	struct exec_request r = { .plan = plan, .container_pidfd = container_pidfd, .cgroup = cgroup };
	struct error theirs = { 0 };
	pid_t first, pid = -1;
	int pair[2], status;

	memcpy(r.stdio, stdio, sizeof(r.stdio));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(err, errno, "channel");
	r.channel = pair[1];
	first = fork_first(&r);
	if (first == 0)
		run_first(&r);
	close(pair[1]);
	status = first < 0 ? fail_errno_as(err, ERR_START_FAILED, errno, "clone3")
			   : await_program(pair[0], &pid, &theirs);
	close(pair[0]);
	if (first > 0)
		reap(first);
	if (first > 0 && status == 0 && pid < 0)
		status = fail(&theirs, ERR_START_FAILED, "the new process ended without a word");
	if (status == 0) {
		*ret_pid = pid;
		return 0;
	}
	if (pid > 0)
		reap(pid);
	if (first > 0)
		*err = theirs;
	return -1;
}
