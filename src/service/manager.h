/* manager.h - runs a deployment: makes a plan of what is wanted and what is there, executes it over a runtime, watches
 * what runs, and stops it in order.
 *
 * Life       manager_up or manager_down begins; manager_dispatch (or manager_run) carries it on until it is done or
 *            failed. Then, or at any time before, manager_free: containers are left as they are.
 * Up         in the foreground is done when everything has ended; detached, when everything is up: started, and healthy
 *            where a service has a health check. A job is up when it runs.
 * Failure    Nothing more is begun. In the foreground everything is then stopped, as by manager_stop; detached, what
 *            runs goes on running. Another `up` begins where this one ended.
 * Stop       The first manager_stop begins to stop everything, dependents before what they depend on; the second kills
 *            at once. What was being started is stopped when it has started. Done when nothing runs.
 * Threads    All calls from one thread, which runs the callbacks too; manager_stop from any, and from signal handlers.
 *            Calls of the runtime are made on threads of their own, one at a time for a container but for stops.
 * State      None on disk: the containers and their labels are the state. A manager that is killed leaves them running.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"
#include "launch/exit_record.h"
#include "runtime/runtime.h"
#include "spec/spec.h"

struct manager;
struct virtual_clock;

/*   adopted    runs already, and is what the spec wants
 *   unhealthy  message: why the last check failed
 *   waiting    message: for what
 *   exited     exit is set; the log is complete
 *   removed    message: why
 *   failed     message: the error, which the first of them makes manager_dispatch end with
 */
#define MANAGER_EVENTS(X)         \
	X(PULLING, "pulling")     \
	X(CREATED, "created")     \
	X(STARTED, "started")     \
	X(ADOPTED, "adopted")     \
	X(HEALTHY, "healthy")     \
	X(UNHEALTHY, "unhealthy") \
	X(WAITING, "waiting")     \
	X(STOPPING, "stopping")   \
	X(EXITED, "exited")       \
	X(REMOVED, "removed")     \
	X(WARNING, "warning")     \
	X(FAILED, "failed")

enum manager_event_type {
#define X(type, name) MANAGER_##type,
	MANAGER_EVENTS(X)
#undef X
};

/* "pulling" ... */
const char *manager_event_name(enum manager_event_type type);

/* Borrowed for the call; what is not meant is NULL. */
struct manager_event {
	enum manager_event_type type;
	const char *service;
	const char *container_id, *container_name;
	const char *message; /* one line for people */
	const struct exit_record *exit;
};
typedef void (*manager_event_callback)(void *data, const struct manager_event *event);

/* All borrowed until manager_free. */
struct manager_options {
	struct runtime *runtime;         /* its secrets are asked for before anything is touched */
	struct virtual_clock *clock;     /* NULL: real time */
	manager_event_callback on_event; /* may be NULL; calls nothing of the manager but manager_stop */
	void *data;
};

/* Borrowed until manager_free but for services, which is copied. */
struct up_options {
	const struct spec_deployment *spec; /* one that spec_check_deployable takes */
	const struct strv *services;        /* these and what they depend on; NULL or empty: all */
	bool is_detached;
	const char *base_dir;           /* of relative bind sources; NULL: the working directory */
	const struct strv *environment; /* for $E:, NAME=VALUE; NULL: the process's own */
};

/* Plans and begins. NULL: a cycle, an unknown service, a variable or secret that is missing; nothing was touched then.
 * Events may come from within this call already. */
struct manager *manager_up(const struct manager_options *options, const struct up_options *up, struct error *err);

struct down_options {
	const char *deployment;
	bool has_volumes;  /* named volumes of the deployment too */
	uint64_t grace_ms; /* GRACE_UNSET: each container's own */
};

/* Stops and removes every container of the deployment, dependents first: the order is in the containers' labels. A
 * deployment that has none is done at once. A container that cannot be removed does not keep the others. */
struct manager *manager_down(const struct manager_options *options, const struct down_options *down, struct error *err);

void manager_free(struct manager *manager);
DEFINE_AUTO(manager)

/* Readable when manager_dispatch has something to do; borrowed. Call manager_dispatch once before the first wait. */
int manager_fd(const struct manager *manager);

/* Does what is due, never waits. 1: goes on; 0: done; -1: failed, and nothing is left to do. */
int manager_dispatch(struct manager *manager, struct error *err);

/* Waits until it is done (0) or failed (-1). */
int manager_run(struct manager *manager, struct error *err);

void manager_stop(struct manager *manager);

/* Once done: the exit code of the first container, in the order of the file, that did not end with 0; 125 for an end
 * that nobody saw. 0 when detached. */
int manager_exit_status(const struct manager *manager);
