/* start.c - a new container: its runtime directory is filled, the plan executed, and who runs it written down. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "shim/shim.h"
#include "sys/pidfd.h"

static int start_time_of(pid_t pid, unsigned long long *ret)
{
	struct process_stat st;
	int r = process_stat_get(pid, &st);

	if (r == 0)
		*ret = st.start_time;
	return r;
}

/* With its command dead the container's lock is free, and whoever looked before the state was written took this start
 * for a dead one: so it is. Who looks later finds the state. */
static int check_starter(struct error *err)
{
	struct pollfd starter = { .fd = SHIM_CONTROL_FD };

	if (poll(&starter, 1, 0) > 0 && (starter.revents & (POLLHUP | POLLERR)))
		return fail(err, ERR_START_FAILED, "the command that asked for it is gone");
	return 0;
}

/* Called by the launcher while the new process waits: from here on a reader of the directory finds it. */
static int write_state(struct launch *l, void *userdata, struct error *err)
{
	struct shim *s = userdata;
	const char *cgroup = plan_get_text(l->plan, l->plan->cgroup_path);
	int r;

	s->state.pid = l->pid;
	s->state.shim_pid = getpid();
	s->state.started_ns = clock_realtime_ns();
	s->state.has_auto_remove = l->plan->flags & PLAN_AUTO_REMOVE;
	s->state.namespaces = l->plan->namespaces;
	if (*cgroup) {
		s->state.cgroup_path = strdup(cgroup);
		if (!s->state.cgroup_path)
			return fail_oom(err);
	}
	r = start_time_of(l->pid, &s->state.start_time);
	if (r == 0)
		r = start_time_of(s->state.shim_pid, &s->state.shim_start_time);
	if (r == 0)
		r = boot_id_get(s->state.boot_id);
	if (r == 0)
		r = run_state_write(s->runtime_dir_fd, &s->state);
	return r < 0 ? fail_errno(err, r, "state") : check_starter(err);
}

/* The container's ends, separate from the pump's: read-write, so that its writes never meet a FIFO without a reader. */
static int open_container_ends(struct shim *s, int stdio[3])
{
	static const char *const names[3] = { NULL, "stdout", "stderr" };

	stdio[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (stdio[0] < 0)
		return -errno;
	for (int i = 1; i < 3; i++) {
		stdio[i] = openat(s->runtime_dir_fd, names[i], O_RDWR | O_CLOEXEC);
		if (stdio[i] < 0)
			return -errno;
	}
	return 0;
}

static int open_pump(struct shim *s, const struct plan *plan)
{
	return pump_open_new(&s->pump, s->container_dir_fd, s->runtime_dir_fd, plan->log_segment_bytes,
			     plan->log_most_segments);
}

/* It holds the values of secrets; what of it is needed at the end is the command that removes the container. */
static void forget_plan(struct shim *s)
{
	if (s->launch.plan->flags & PLAN_AUTO_REMOVE)
		return;
	plan_unmap(s->launch.plan);
	s->launch.plan = NULL;
}

int shim_start(struct shim *s, struct error *err)
{
	const struct plan *plan = s->launch.plan;
	int r;

	launch_init(&s->launch, plan);
	s->launch.container_dir_fd = s->container_dir_fd;
	s->launch.process_made = write_state;
	s->launch.userdata = s;
	r = open_pump(s, plan);
	if (r == 0)
		r = open_container_ends(s, s->launch.stdio);
	if (r == 0)
		r = server_open(s);
	if (r < 0)
		return fail_errno(err, r, "shim");
	if (launch_container(&s->launch, err) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		cleanup_close(&s->launch.stdio[i]);
	forget_plan(s);
	control_set_phase(s, PHASE_RUNNING);
	return 0;
}
