/* adopt.c - a container whose shim has died: its log goes on where it stood, it can be stopped, waited for and
 * entered again; its exit code is known where the kernel tells it (Linux 6.15), else it is unknown.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>

#include "shim/shim.h"
#include "sys/pidfd.h"

/* One adopter at a time; the lock is held for life and ends with us. */
static int become_the_only_one(struct shim *s)
{
	int fd = openat(s->runtime_dir_fd, "pump", O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

static int take_over_state(struct shim *s)
{
	struct process_stat st;
	int r = run_state_read(s->runtime_dir_fd, &s->state);

	if (r < 0)
		return r;
	if (process_is_alive(s->state.shim_pid, s->state.shim_start_time))
		return -EBUSY;
	s->launch.pid = s->state.pid;
	s->launch.pidfd = pidfd_open_checked(s->state.pid, s->state.start_time);
	if (s->launch.pidfd < 0)
		return s->launch.pidfd;
	s->state.shim_pid = getpid();
	r = process_stat_get(s->state.shim_pid, &st);
	if (r < 0)
		return r;
	s->state.shim_start_time = st.start_time;
	return run_state_write(s->runtime_dir_fd, &s->state);
}

int shim_adopt(struct shim *s, struct error *err)
{
	int r;

	launch_init(&s->launch, NULL);
	s->is_adopted = true;
	r = become_the_only_one(s);
	if (r == 0)
		r = take_over_state(s);
	if (r == 0)
		r = pump_open_again(&s->pump, s->container_dir_fd, s->runtime_dir_fd);
	if (r == 0 && s->state.cgroup_path)
		cgroup_open(s->state.cgroup_path, &s->launch.cgroup);
	if (r == 0)
		r = server_open(s);
	if (r < 0)
		return fail_errno(err, r, "adopt");
	control_set_phase(s, PHASE_RUNNING);
	return 0;
}
