/* container_supervisor.c - the switch over the states of one container. */
#include "service/container_supervisor.h"

static struct supervisor_next go(struct supervisor s, enum supervisor_state to, enum supervisor_action action)
{
	s.state = to;
	if (to == SUPERVISOR_RUNNING)
		s.has_started = true;
	return (struct supervisor_next){ s, action };
}

static struct supervisor_next stay(struct supervisor s)
{
	return (struct supervisor_next){ s, SUPERVISOR_DO_NOTHING };
}

static struct supervisor_next from_rest(struct supervisor s, enum supervisor_event event)
{
	if (event == SUPERVISOR_MAKE)
		return go(s, SUPERVISOR_MAKING, SUPERVISOR_DO_MAKE);
	if (event == SUPERVISOR_START)
		return go(s, SUPERVISOR_STARTING, SUPERVISOR_DO_START);
	if (event == SUPERVISOR_ADOPT_RUNNING)
		return go(s, SUPERVISOR_RUNNING, SUPERVISOR_DO_WATCH);
	if (event == SUPERVISOR_ADOPT_ENDED) {
		s.has_started = true;
		return go(s, SUPERVISOR_ENDED, SUPERVISOR_DO_NOTHING);
	}
	return stay(s);
}

static struct supervisor_next from_running(struct supervisor s, enum supervisor_event event)
{
	if (event == SUPERVISOR_EXITED)
		return go(s, SUPERVISOR_ENDED, SUPERVISOR_DO_REPORT);
	if (event == SUPERVISOR_ERROR && s.state == SUPERVISOR_STOPPING)
		return go(s, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING);
	if (event == SUPERVISOR_STOP && s.state == SUPERVISOR_RUNNING)
		return go(s, SUPERVISOR_STOPPING, SUPERVISOR_DO_STOP);
	if (event == SUPERVISOR_KILL && !s.is_killed) {
		s.is_killed = true;
		return go(s, SUPERVISOR_STOPPING, SUPERVISOR_DO_KILL);
	}
	return stay(s);
}

struct supervisor_next supervisor_next(struct supervisor s, enum supervisor_event event)
{
	switch (s.state) {
	case SUPERVISOR_IDLE:
		return from_rest(s, event);
	case SUPERVISOR_MAKING:
		if (event == SUPERVISOR_DONE)
			return go(s, SUPERVISOR_IDLE, SUPERVISOR_DO_NOTHING);
		if (event == SUPERVISOR_ERROR)
			return go(s, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING);
		break;
	case SUPERVISOR_STARTING:
		if (event == SUPERVISOR_DONE)
			return go(s, SUPERVISOR_RUNNING, SUPERVISOR_DO_WATCH);
		if (event == SUPERVISOR_ERROR)
			return go(s, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING);
		break;
	case SUPERVISOR_RUNNING:
	case SUPERVISOR_STOPPING:
		return from_running(s, event);
	case SUPERVISOR_ENDED:
	case SUPERVISOR_FAILED:
		break;
	}
	return stay(s);
}

bool supervisor_is_live(const struct supervisor *s)
{
	return s->state == SUPERVISOR_MAKING || s->state == SUPERVISOR_STARTING || s->state == SUPERVISOR_RUNNING ||
	       s->state == SUPERVISOR_STOPPING;
}
