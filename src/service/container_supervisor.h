/* container_supervisor.h - the life of one wanted container, as a state machine. Pure.
 *
 *            MAKE          DONE          START           DONE          STOP, KILL       EXITED
 *   IDLE ---------> MAKING -----> IDLE ---------> STARTING -----> RUNNING -------> STOPPING ------> ENDED
 *    |  ADOPT: it runs already, RUNNING; it has ended, ENDED         | EXITED: ENDED
 *    ERROR: from MAKING, STARTING and STOPPING to FAILED. One that ended before is started as one that never ran.
 *
 * What does not fit the state is ignored: events may come late.
 */
#pragma once
#include <stdbool.h>

enum supervisor_state {
	SUPERVISOR_IDLE,
	SUPERVISOR_MAKING,
	SUPERVISOR_STARTING,
	SUPERVISOR_RUNNING,
	SUPERVISOR_STOPPING,
	SUPERVISOR_ENDED,
	SUPERVISOR_FAILED,
};

enum supervisor_event {
	SUPERVISOR_MAKE,
	SUPERVISOR_START,
	SUPERVISOR_ADOPT_RUNNING,
	SUPERVISOR_ADOPT_ENDED,
	SUPERVISOR_DONE,  /* what was under way has succeeded */
	SUPERVISOR_ERROR, /* or has failed */
	SUPERVISOR_EXITED,
	SUPERVISOR_STOP, /* asked for */
	SUPERVISOR_KILL,
};

enum supervisor_action {
	SUPERVISOR_DO_NOTHING,
	SUPERVISOR_DO_MAKE,
	SUPERVISOR_DO_START,
	SUPERVISOR_DO_WATCH, /* it runs: wait for its end, check its health */
	SUPERVISOR_DO_STOP,
	SUPERVISOR_DO_KILL,
	SUPERVISOR_DO_REPORT, /* it ended */
};

struct supervisor {
	enum supervisor_state state;
	bool has_started; /* it runs or ran, in this time or before it was adopted */
	bool is_killed;   /* asked for */
};

struct supervisor_next {
	struct supervisor now;
	enum supervisor_action action;
};

struct supervisor_next supervisor_next(struct supervisor supervisor, enum supervisor_event event);

/* Something is under way that will end it, or it runs. */
bool supervisor_is_live(const struct supervisor *supervisor);
