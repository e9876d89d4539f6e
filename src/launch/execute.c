/* execute.c - from a plan to a running container: the parent's steps, in order, and their undoing. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/fault.h"
#include "launch/steps.h"
#include "sys/fd_pass.h"

void launch_init(struct launch *l, const struct plan *plan)
{
	*l = (struct launch){ .plan = plan,
			      .container_dir_fd = -1,

			      .root_fd = -1,
			      .channel = -1,
			      .pid = -1,
			      .pidfd = -1,
			      .stdio = { -1, -1, -1 } };
	for (size_t i = 0; i < LAUNCH_MOST_MOUNTS; i++)
		l->mount_fds[i] = -1;
}

/* What only the start needs: the container has its own references by then. */
static void close_sources(struct launch *l)
{
	for (size_t i = 0; i < LAUNCH_MOST_MOUNTS && i < l->plan->mounts.count; i++)
		cleanup_close(&l->mount_fds[i]);
	cleanup_close(&l->root_fd);
	l->root_fd = -1;
	cleanup_close(&l->channel);
	l->channel = -1;
	userdb_user_done(&l->user);
}

void launch_done(struct launch *l)
{
	cgroup_done(&l->cgroup);
	cleanup_close(&l->pidfd);
	l->pidfd = -1;
}

static struct cgroup_limits limits_of(const struct plan *plan, struct device_rule *rules, size_t n_rules)
{
	return (struct cgroup_limits){
		.memory_bytes = plan->memory_bytes,
		.cpu_quota_us = plan->cpu_quota_us,
		.cpu_period_us = plan->cpu_period_us,
		.pids = plan->pids,
		.device_rules = rules,
		.n_device_rules = n_rules,
	};
}

static int limit_cgroup(struct launch *l, struct error *err)
{
	autofree struct device_rule *rules = calloc(l->plan->device_rules.count + 1, sizeof(*rules));
	struct cgroup_limits limits;
	const char *file = "limits";
	size_t n = 0;
	int r;

	if (!rules)
		return fail_oom(err);
	PLAN_FOR_EACH(l->plan, device_rules, struct plan_device_rule, rule)
	rules[n++] = (struct device_rule){ .is_allowed = rule->is_allowed,
					   .type = (char)rule->type,
					   .access = rule->access,
					   .major = rule->major,
					   .minor = rule->minor };
	limits = limits_of(l->plan, rules, n);
	r = cgroup_set_limits(&l->cgroup, &limits, &file);
	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "%s", file) : 0;
}

static void remove_cgroup(struct launch *l)
{
	cgroup_done(&l->cgroup);
	if (l->plan->cgroup_path)
		cgroup_remove(plan_get_text(l->plan, l->plan->cgroup_path));
}

static int make_cgroup(struct launch *l, struct error *err)
{
	const char *path = plan_get_text(l->plan, l->plan->cgroup_path);
	int r = *path ? cgroup_make(path, &l->cgroup) : 0;

	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "%s", path);
	if (*path && limit_cgroup(l, err) < 0) {
		remove_cgroup(l);
		return -1;
	}
	return 0;
}

static int find_user(struct launch *l, struct error *err)
{
	int r;

	if (resolve_user(l->plan, l->root_fd, &l->user, err) < 0)
		return -1;
	r = give_stdio(l->stdio, &l->user);
	return r < 0 ? fail_errno(err, r, "stdio") : 0;
}

static pid_t clone_process(struct launch *l)
{
	struct clone_args args = {
		.flags = (l->plan->namespaces & ~(uint64_t)CLONE_NEWCGROUP) | CLONE_PIDFD,
		.pidfd = (uintptr_t)&l->pidfd,
		.exit_signal = SIGCHLD,
	};
	int into = cgroup_clone_fd(&l->cgroup);

	if (into >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)into;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int fork_process(struct launch *l, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(err, errno, "channel");
	l->pid = clone_process(l);
	if (l->pid == 0) {
		close(pair[0]);
		l->channel = pair[1];
		run_child(l);
	}
	close(pair[1]);
	if (l->pid > 0) {
		l->channel = pair[0];
		return 0;
	}
	close(pair[0]);
	return fail_errno_as(err, ERR_START_FAILED, errno, "clone3");
}

static void kill_process(struct launch *l)
{
	kill(l->pid, SIGKILL);
	while (waitpid(l->pid, NULL, 0) < 0 && errno == EINTR)
		;
	cleanup_close(&l->pidfd);
	l->pidfd = -1;
	l->pid = -1;
}

int await_child(int channel, struct error *err)
{
	struct error theirs;
	ssize_t n;

	do
		n = recv(channel, &theirs, sizeof(theirs), 0);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	if (n != (ssize_t)sizeof(theirs))
		return fail(err, ERR_START_FAILED, "the new process ended without a word");
	theirs.msg[sizeof(theirs.msg) - 1] = '\0';
	if (err)
		*err = theirs;
	return -1;
}

/* Tells the caller who it is, then the process that it may go on, then waits for its exec. An end of the channel
 * without a word is either exec or death: a process that died before its exec has no program, and the kernel says so
 * in its status. */
static int finish_process(struct launch *l, struct error *err)
{
	if (l->process_made && l->process_made(l, l->userdata, err) < 0)
		return -1;
	if (send(l->channel, "g", 1, MSG_NOSIGNAL) < 0 && errno != EPIPE)
		return fail_errno(err, errno, "channel");
	return await_child(l->channel, err);
}

static int run_process(struct launch *l, struct error *err)
{
	if (fork_process(l, err) < 0)
		return -1;
	if (finish_process(l, err) == 0)
		return 0;
	kill_process(l);
	return -1;
}

/* clang-format off */
static const struct launch_step steps[] = {
	{ "cgroup",           make_cgroup,        remove_cgroup },
	{ "root file system", make_root,          NULL }, /* detached: gone with its fd */
	{ "user",             find_user,          NULL },
	{ "volumes",          fill_volumes,       NULL }, /* a filled volume is a whole one */
	{ "mounts",           open_mount_sources, NULL }, /* detached */
	{ NULL,               run_process,        kill_process }, /* its own steps name themselves */
};
/* clang-format on */

int launch_container(struct launch *l, struct error *err)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(steps) && fault_at(l, "parent", i, err) == 0 && steps[i].run(l, err) == 0)
		i++;
	if (i < ARRAY_SIZE(steps) && steps[i].name)
		fail_while(err, "%s", steps[i].name);
	close_sources(l);
	if (i == ARRAY_SIZE(steps))
		return 0;
	while (i-- > 0)
		if (steps[i].undo)
			steps[i].undo(l);
	return -1;
}
