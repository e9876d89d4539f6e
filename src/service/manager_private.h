/* manager_private.h - the manager's parts, as its files share them. Everything here happens on the loop's thread,
 * but for `run` of a call.
 */
#pragma once
#include <stdatomic.h>

#include "loop/loop.h"
#include "service/container_supervisor.h"
#include "service/dependency.h"
#include "service/execution.h"
#include "service/health.h"
#include "service/manager.h"
#include "service/plan.h"
#include "service/probe.h"
#include "service/replica_list.h"

/* One wanted container. */
struct unit {
	struct manager *manager;
	const struct replica *replica;
	struct supervisor supervisor;
	char id[ID_HEX_SIZE]; /* "" while there is none */
	size_t action;        /* of the plan, that is under way for it */

	int exit_fd; /* -1: not watched */
	struct loop_poll *exit_poll;
	struct exit_record exit; /* of ENDED */

	struct probe *probe; /* NULL: running is healthy */
	struct health_policy policy;
	struct health health;
	struct loop_timer health_timer;
	bool was_healthy;
	struct error last_failure; /* of a check */
};

/* One dependency that an action waits for. */
struct wait {
	struct wait *next;
	struct manager *manager;
	size_t action;
	const struct spec_dependency *dependency;
	size_t on; /* the service, by its index in the spec */
	uint64_t timeout_ns;
	struct loop_timer timer;
};

/* A call of the runtime on a thread of its own. */
struct call {
	struct call *next, **link;
	struct manager *manager;
	int (*run)(struct call *call, struct runtime *rt);
	void (*done)(struct call *call);
	struct unit *unit; /* that it is for; NULL: none */
	size_t action;
	bool is_probe; /* nobody has to wait for it */

	char id[ID_HEX_SIZE]; /* what it works on; "" for create */
	bool ends_container;  /* it stops that one: a kill makes it quicker */
	bool is_killed;
	int signo;
	uint64_t grace_ms;

	int result;
	struct error error;
	char new_id[ID_HEX_SIZE];
	int fd;
	struct exit_record exit;
};

struct service_run {
	size_t first_unit, n_units;
	size_t *dependents; /* services that depend on it */
	size_t n_dependents;
};

struct manager {
	struct runtime *runtime;
	manager_event_callback on_event;
	void *event_data;
	struct loop *loop;
	struct loop_wake *stop_wake;
	atomic_uint stop_requests;

	bool is_down, is_detached;
	uint64_t grace_ms; /* of down */
	char *deployment;

	const struct spec_deployment *spec; /* NULL for down */
	struct service_order order;
	struct replica_list replicas;
	struct container_list observed;
	struct plan plan;
	struct execution execution;

	struct unit *units;           /* as replicas */
	struct service_run *services; /* as in the spec */
	struct wait *waits;
	struct call *calls;
	unsigned n_calls; /* but for probes */

	bool is_settling, is_dirty;
	bool is_finished;
	bool has_failed;
	struct error error; /* the first one */
};

/* ---- manager_life.c ---- */

/* Something has changed: begins what may begin now, and finds out whether all is done. Every callback of the loop ends
 * with it. */
void manager_settle(struct manager *m);

/* Nothing more is begun. The first error is the manager's. */
void manager_fail(struct manager *m, const struct error *err, const char *service, const char *container_name);

/* 0: nobody asked; 1: stop; 2: kill. A failure in the foreground counts as the first request. */
unsigned manager_stop_level(const struct manager *m);

__attribute__((format(printf, 4, 5))) void manager_tell(struct manager *m, enum manager_event_type type,
							const char *service, const char *fmt, ...);
__attribute__((format(printf, 3, 4))) void manager_tell_unit(struct unit *unit, enum manager_event_type type,
							     const char *fmt, ...);
void manager_tell_container(struct manager *m, enum manager_event_type type, const struct container_info *info,
			    const char *message);

const char *unit_service(const struct unit *unit);
const char *unit_name(const struct unit *unit);

/* ---- manager_up.c ---- */
int manager_prepare_up(struct manager *m, const struct up_options *up, struct error *err);
void manager_stop_watching(struct manager *m);
void manager_free_units(struct manager *m);

/* ---- manager_actions.c ---- */
void manager_begin_action(struct manager *m, size_t index);
void manager_finish_action(struct manager *m, size_t index);

/* ---- manager_units.c ---- */
void unit_handle(struct unit *unit, enum supervisor_event event);
void manager_stop_units(struct manager *m);
bool manager_has_live_units(const struct manager *m);

/* Of a detached `up`: everything is up. A service that cannot come up any more fails it. */
bool manager_is_all_up(struct manager *m);

/* ---- manager_health.c ---- */
void unit_begin_health(struct unit *unit);
void unit_end_health(struct unit *unit);
bool unit_is_healthy(const struct unit *unit);

/* ---- manager_waits.c ---- */
void manager_begin_wait(struct manager *m, size_t action);
void manager_check_waits(struct manager *m);
void manager_free_waits(struct manager *m);

/* ---- manager_calls.c ---- */

/* Copies the call and starts it; done is called in any case, with result -1 when it could not be started. */
void manager_start_call(struct manager *m, const struct call *call);
void manager_free_calls(struct manager *m);

/* Makes the stops that are under way quicker. */
void manager_kill_calls(struct manager *m);

int call_pull(struct call *call, struct runtime *rt);
int call_make(struct call *call, struct runtime *rt);  /* removes call->id where there is one, creates: new_id */
int call_start(struct call *call, struct runtime *rt); /* fd to watch */
int call_stop(struct call *call, struct runtime *rt);
int call_remove(struct call *call, struct runtime *rt); /* stops it before */
int call_read_exit(struct call *call, struct runtime *rt);
int call_remove_volumes(struct call *call, struct runtime *rt);
int call_probe(struct call *call, struct runtime *rt);
