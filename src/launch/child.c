/* child.c - the steps of the new process, between clone3 and exec, in order. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launch/fault.h"
#include "launch/steps.h"
#include "sys/fd_pass.h"
#include "sys/loopback.h"

/* The namespace after the join: its root is then the container's own group, and no path of the host shows. */
static int join_cgroup(struct launch *l, struct error *err)
{
	int r = cgroup_join(&l->cgroup, false);

	if (r < 0)
		return fail_errno_as(err, ERR_START_FAILED, r, "join");
	if ((l->plan->namespaces & CLONE_NEWCGROUP) && unshare(CLONE_NEWCGROUP) < 0)
		return fail_errno_as(err, ERR_START_FAILED, errno, "namespace");
	return 0;
}

static int set_hostname(struct launch *l, struct error *err)
{
	const char *name = plan_get_text(l->plan, l->plan->hostname);

	if (!*name || !(l->plan->namespaces & CLONE_NEWUTS))
		return 0;
	return sethostname(name, strlen(name)) < 0 ? fail_errno_as(err, ERR_START_FAILED, errno, "%s", name) : 0;
}

static int bring_loopback_up(struct launch *l, struct error *err)
{
	int r = l->plan->flags & PLAN_LOOPBACK_UP ? loopback_up() : 0;

	return r < 0 ? fail_errno_as(err, ERR_START_FAILED, r, "lo") : 0;
}

static int limit_process(struct launch *l, struct error *err)
{
	return set_limits(l->plan, err);
}

static int go_to_directory(struct launch *l, struct error *err)
{
	return enter_working_directory(l->plan, &l->user, err);
}

static int connect_stdio(struct launch *l, struct error *err)
{
	return take_stdio(l->stdio, err);
}

/* The parent has written down who we are, or has died: then nobody would know of this process. */
static int await_go(struct launch *l, struct error *err)
{
	char go;

	return recv(l->channel, &go, 1, 0) == 1 ? 0 : fail(err, ERR_START_FAILED, "the shim is gone");
}

static int reduce_privileges(struct launch *l, struct error *err)
{
	return drop_privileges(l->plan, &l->user, err);
}

static int execute(struct launch *l, struct error *err)
{
	return run_program(l->plan, &l->user, err);
}

/* clang-format off */
static const struct launch_step steps[] = {
	{ "cgroup",            join_cgroup,       NULL },
	{ "hostname",          set_hostname,      NULL },
	{ "limits",            limit_process,     NULL },
	{ "masked paths",      open_mask_sources, NULL },
	{ "root file system",  enter_root,        NULL },
	{ "mounts",            attach_mounts,     NULL },
	{ "devices",           make_devices,      NULL },
	{ "masked paths",      mask_paths,        NULL },
	{ "network",           bring_loopback_up, NULL },
	{ "working directory", go_to_directory,   NULL },
	{ "root file system",  seal_root,         NULL },
	{ "stdio",             connect_stdio,     NULL },
	{ "start",             await_go,          NULL },
	{ "privileges",        reduce_privileges, NULL },
	{ "exec",              execute,           NULL },
};
/* clang-format on */

void fail_child(int channel, const struct error *err)
{
	fd_pass_send(channel, err, sizeof(*err), NULL, 0);
	_exit(127);
}

void run_child(struct launch *l)
{
	struct error err = { 0 };

	setsid();
	syscall(SYS_close_range, 3U, ~0U, 1U << 2 /* CLOSE_RANGE_CLOEXEC */);
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if (fault_at(l, "child", i, &err) == 0 && steps[i].run(l, &err) == 0)
			continue;
		fail_while(&err, "%s", steps[i].name);
		break;
	}
	fail_child(l->channel, &err);
}
