/* deployment.h - running a whole spec: up, down. Its containers are listed by zl_container_list_new with a filter. */
#pragma once
#include <zlayer/container.h>
#include <zlayer/spec.h>

ZL_BEGIN_DECLS

enum zl_event_type {
	ZL_EVENT_PULLING,
	ZL_EVENT_CREATED,
	ZL_EVENT_STARTED,
	ZL_EVENT_ADOPTED, /* ran already, and is what the spec wants */
	ZL_EVENT_HEALTHY,
	ZL_EVENT_UNHEALTHY,
	ZL_EVENT_WAITING, /* for a dependency */
	ZL_EVENT_STOPPING,
	ZL_EVENT_EXITED, /* exit is set */
	ZL_EVENT_REMOVED,
	ZL_EVENT_WARNING,
	ZL_EVENT_FAILED,
};

/* "started"; a constant. */
ZL_API const char *zl_event_type_name(enum zl_event_type type);

/* Borrowed for the call. Strings that have no value are NULL. */
struct zl_event {
	enum zl_event_type type;
	const char *service;
	const char *container; /* its id */
	const char *name;      /* the container's */
	const char *message;   /* one line for people */
	struct zl_exit exit;
};

/* Called in the thread and from within the call that it is given to, or of zl_up_dispatch. Of the run that calls it,
 * it calls nothing but zl_up_stop. */
typedef void (*zl_event_callback)(void *userdata, const struct zl_event *event);

struct zl_up_options {
	size_t size;
	const char *const *services; /* these and what they depend on; NULL: all */
	bool is_detached;            /* ends when all is up, instead of when all has ended */
	zl_event_callback on_event;
	void *userdata;
};

/* One run of up: what there is, is taken over; what changed, recreated; a job that ended with 0 is not run again. */
struct zl_up;

/* Begins; spec is borrowed until zl_up_free. Relative paths in it are meant from the directory of its file, or from the
 * working directory when it was no file. INVALID_SPEC for one with problems, UNSUPPORTED for one with a refused
 * gap. Starts worker threads, which end with zl_up_free. */
ZL_API struct zl_up *zl_deployment_up(struct zl_client *client, const struct zl_spec *spec,
				      const struct zl_up_options *options, struct zl_error *err);

/* Containers are left as they are. */
ZL_API void zl_up_free(struct zl_up *up);

/* Readable when zl_up_dispatch has work; borrowed. */
ZL_API int zl_up_fd(const struct zl_up *up);

/* Does what is due, without waiting. 1: goes on; 0: done; -1: failed, and nothing is left to do: in the foreground
 * what was started has been stopped, detached it runs on. To be called once before the first wait. */
ZL_API int zl_up_dispatch(struct zl_up *up, struct zl_error *err);

/* Blocks until zl_up_dispatch says done or failed. */
ZL_API int zl_up_wait(struct zl_up *up, struct zl_error *err);

/* Begins to stop everything, in reverse order; a second call kills what is left. dispatch goes on to the end. May be
 * called from any thread, from a signal handler and from the callback. */
ZL_API void zl_up_stop(struct zl_up *up);

/* Once done: the exit code of the first container, in the order of the file, that did not end with 0; 125 for an end
 * that nobody saw. 0 when detached. */
ZL_API int zl_up_exit_status(const struct zl_up *up);

struct zl_down_options {
	size_t size;
	bool has_volumes; /* named volumes of the deployment too */
	bool has_grace;   /* grace_ms counts; else each container's own */
	uint64_t grace_ms;
	zl_event_callback on_event;
	void *userdata;
};

/* Stops and removes every container of a deployment, dependents before what they depend on: the order is on record,
 * no spec is needed. Blocks until all is gone. A deployment that has nothing is fine. */
ZL_API int zl_deployment_down(struct zl_client *client, const char *deployment, const struct zl_down_options *options,
			      struct zl_error *err);

/* Writes the OCI bundle of one service's first replica, as zl_container_write_bundle does. A service with secrets is
 * refused unless has_secrets: their values stand in config.json then. */
ZL_API int zl_deployment_write_bundle(struct zl_client *client, const struct zl_spec *spec, const char *service,
				      const char *path, bool has_secrets, struct zl_error *err);

ZL_END_DECLS
