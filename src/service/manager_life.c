/* manager_life.c - the manager's life: begun, carried on, stopped, ended. What it does in between stands in the files
 * beside. */
#include "service/manager.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "service/manager_private.h"

#define STATUS_UNKNOWN_END 125

/* ---- telling ---- */

static const char *const event_names[] = {
#define X(type, name) [MANAGER_##type] = name,
	MANAGER_EVENTS(X)
#undef X
};

const char *manager_event_name(enum manager_event_type type)
{
	return event_names[type];
}

static void tell(struct manager *m, const struct manager_event *event)
{
	if (m->on_event)
		m->on_event(m->event_data, event);
}

/* NULL when there is nothing to say, and when memory is out: an event without its text is better than none. */
__attribute__((format(printf, 1, 0))) static char *format_message(const char *fmt, va_list args)
{
	char *message = NULL;

	if (!fmt || vasprintf(&message, fmt, args) < 0 || !*message) {
		free(message);
		return NULL;
	}
	return message;
}

void manager_tell(struct manager *m, enum manager_event_type type, const char *service, const char *fmt, ...)
{
	autofree char *message = NULL;
	va_list args;

	va_start(args, fmt);
	message = format_message(fmt, args);
	va_end(args);
	tell(m, &(struct manager_event){ .type = type, .service = service, .message = message });
}

void manager_tell_unit(struct unit *unit, enum manager_event_type type, const char *fmt, ...)
{
	autofree char *message = NULL;
	va_list args;

	va_start(args, fmt);
	message = format_message(fmt, args);
	va_end(args);
	tell(unit->manager, &(struct manager_event){
				    .type = type,
				    .service = unit_service(unit),
				    .container_id = unit->id,
				    .container_name = unit_name(unit),
				    .message = message,
				    .exit = type == MANAGER_EXITED ? &unit->exit : NULL,
			    });
}

void manager_tell_container(struct manager *m, enum manager_event_type type, const struct container_info *info,
			    const char *message)
{
	tell(m, &(struct manager_event){
			.type = type,
			.service = info->service,
			.container_id = info->id,
			.container_name = info->name,
			.message = message && *message ? message : NULL,
		});
}

void manager_fail(struct manager *m, const struct error *err, const char *service, const char *container_name)
{
	struct manager_event event = {
		.type = MANAGER_FAILED, .service = service, .container_name = container_name, .message = err->msg
	};

	if (!m->has_failed)
		m->error = *err;
	m->has_failed = true;
	m->is_dirty = true;
	tell(m, &event);
}

/* ---- carrying on ---- */

unsigned manager_stop_level(const struct manager *m)
{
	unsigned level = atomic_load(&m->stop_requests);

	if (m->is_down && level > 0)
		return 2;
	if (!m->is_down && !m->is_detached && m->has_failed)
		level++;
	return level < 2 ? level : 2;
}

/* A `down` goes on past a container that it could not remove. */
static bool may_begin(const struct manager *m)
{
	return m->is_down || (!m->has_failed && manager_stop_level(m) == 0);
}

static void begin_what_may(struct manager *m)
{
	size_t index;

	while (may_begin(m) && execution_next(&m->execution, &index))
		manager_begin_action(m, index);
}

static bool is_finished(struct manager *m)
{
	if (m->n_calls > 0)
		return false;
	if (m->is_down)
		return execution_is_over(&m->execution);
	if (manager_stop_level(m) > 0)
		return !manager_has_live_units(m);
	if (m->has_failed)
		return true;
	if (!execution_is_over(&m->execution))
		return false;
	return m->is_detached ? manager_is_all_up(m) : !manager_has_live_units(m);
}

/* manager_is_all_up may be what fails it: then it is finished too, but says so only the next time. */
static void find_out_whether_finished(struct manager *m)
{
	m->is_finished = is_finished(m) || (m->has_failed && is_finished(m));
	if (m->is_finished)
		loop_stop(m->loop);
}

void manager_settle(struct manager *m)
{
	if (m->is_settling)
		return;
	m->is_settling = true;
	do {
		m->is_dirty = false;
		if (manager_stop_level(m) > 0)
			manager_stop_units(m);
		if (may_begin(m))
			manager_check_waits(m);
		begin_what_may(m);
	} while (m->is_dirty);
	m->is_settling = false;
	find_out_whether_finished(m);
}

static void stop_was_asked(void *data)
{
	manager_settle(data);
}

void manager_stop(struct manager *m)
{
	atomic_fetch_add(&m->stop_requests, 1);
	loop_wake_send(m->stop_wake);
}

/* ---- life ---- */

static struct manager *new_manager(const struct manager_options *options, const char *deployment, struct error *err)
{
	AUTO(manager) m = calloc(1, sizeof(*m));
	int r = -ENOMEM;

	if (m) {
		m->runtime = options->runtime;
		m->on_event = options->on_event;
		m->event_data = options->data;
		m->grace_ms = GRACE_UNSET;
		m->deployment = strdup(deployment);
		r = m->deployment ? loop_new(options->clock, &m->loop) : -ENOMEM;
	}
	if (r == 0)
		r = loop_wake_new(m->loop, stop_was_asked, m, &m->stop_wake);
	if (r < 0) {
		fail_errno(err, r, "manager");
		return NULL;
	}
	return TAKE_PTR(m);
}

void manager_free(struct manager *m)
{
	if (!m)
		return;
	if (m->loop) {
		manager_free_waits(m);
		loop_wake_free(m->stop_wake);
		manager_stop_watching(m);
		loop_free(m->loop); /* the calls that are under way end first: they read what follows */
	}
	manager_free_calls(m);
	manager_free_units(m);
	execution_done(&m->execution);
	plan_done(&m->plan);
	container_list_done(&m->observed);
	replica_list_done(&m->replicas);
	service_order_done(&m->order);
	free(m->deployment);
	free(m);
}

/* What is due now begins within this call. */
static struct manager *begin(struct manager *m, struct error *err)
{
	if (execution_init(&m->execution, &m->plan, err) < 0) {
		manager_free(m);
		return NULL;
	}
	manager_settle(m);
	return m;
}

struct manager *manager_up(const struct manager_options *options, const struct up_options *up, struct error *err)
{
	AUTO(manager) m = new_manager(options, up->spec->deployment, err);

	if (!m)
		return NULL;
	m->spec = up->spec;
	m->is_detached = up->is_detached;
	if (manager_prepare_up(m, up, err) < 0)
		return NULL;
	return begin(TAKE_PTR(m), err);
}

struct manager *manager_down(const struct manager_options *options, const struct down_options *down, struct error *err)
{
	AUTO(manager) m = new_manager(options, down->deployment, err);

	if (!m)
		return NULL;
	m->is_down = true;
	m->grace_ms = down->grace_ms;
	if (runtime_list(m->runtime, &m->observed, err) < 0 ||
	    plan_down(&m->observed, down->deployment, down->has_volumes, &m->plan, err) < 0)
		return NULL;
	return begin(TAKE_PTR(m), err);
}

int manager_fd(const struct manager *m)
{
	return loop_fd(m->loop);
}

static int result(const struct manager *m, struct error *err)
{
	if (!m->is_finished)
		return 1;
	if (m->has_failed && err)
		*err = m->error;
	return m->has_failed ? -1 : 0;
}

int manager_dispatch(struct manager *m, struct error *err)
{
	if (!m->is_finished)
		loop_dispatch(m->loop);
	return result(m, err);
}

int manager_run(struct manager *m, struct error *err)
{
	if (!m->is_finished && loop_run(m->loop) < 0)
		return fail(err, ERR_INTERNAL, "deployment %s: nothing is left that could go on", m->deployment);
	if (!m->is_finished)
		return fail(err, ERR_INTERNAL, "deployment %s: nothing is left to wait for", m->deployment);
	return result(m, err);
}

/* ---- status ---- */

static int status_of(const struct unit *unit)
{
	if (unit->supervisor.state != SUPERVISOR_ENDED)
		return 0;
	return unit->exit.is_known ? unit->exit.code : STATUS_UNKNOWN_END;
}

int manager_exit_status(const struct manager *m)
{
	int status = 0;

	if (m->is_down || m->is_detached)
		return 0;
	for (size_t i = 0; i < m->spec->services.count && status == 0; i++)
		for (size_t j = 0; j < m->services[i].n_units && status == 0; j++)
			status = status_of(&m->units[m->services[i].first_unit + j]);
	return status;
}
