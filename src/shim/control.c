/* control.c - what may be asked of a running container: a signal, its end. */
#include <errno.h>
#include <signal.h>

#include "base/clock.h"
#include "shim/shim.h"
#include "sys/pidfd.h"

void control_set_phase(struct shim *s, enum shim_phase phase)
{
	if (phase > s->phase)
		s->phase = phase;
}

/* A signal of another kind is a message to the program, not a wish that it end. */
static bool asks_for_the_end(int signo)
{
	static const int ending[] = { SIGKILL, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGABRT };

	for (size_t i = 0; i < ARRAY_SIZE(ending); i++)
		if (signo == ending[i])
			return true;
	return false;
}

int control_signal(struct shim *s, int signo)
{
	int r = s->phase >= PHASE_ENDED ? -ESRCH : pidfd_signal(s->launch.pidfd, signo);

	if (r == 0 && asks_for_the_end(signo))
		s->record.asked_by = EXIT_ASKED_USER;
	return r == -ESRCH ? 0 : r;
}

void control_kill(struct shim *s)
{
	control_signal(s, SIGKILL);
	cgroup_kill(&s->launch.cgroup);
}

void control_stop(struct shim *s, int signo, uint64_t grace_ms)
{
	control_set_phase(s, PHASE_STOPPING);
	s->record.asked_by = EXIT_ASKED_USER;
	if (grace_ms == 0) {
		control_kill(s);
		return;
	}
	control_signal(s, signo);
	events_arm(s->stop_timer_fd, grace_ms > UINT64_MAX / NSEC_PER_MSEC ? UINT64_MAX : grace_ms * NSEC_PER_MSEC);
}
