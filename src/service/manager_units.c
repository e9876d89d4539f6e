/* manager_units.c - does what the state machines of the containers ask for, and tells them what came of it. */
#include <signal.h>
#include <string.h>

#include "service/manager_private.h"

const char *unit_service(const struct unit *unit)
{
	return unit->replica->config->service;
}

const char *unit_name(const struct unit *unit)
{
	return unit->replica->config->name;
}

/* ---- making and starting ---- */

static void make_done(struct call *call)
{
	struct unit *unit = call->unit;

	if (call->result < 0) {
		unit_handle(unit, SUPERVISOR_ERROR);
		manager_fail(call->manager, &call->error, unit_service(unit), unit_name(unit));
		return;
	}
	if (call->id[0])
		manager_tell_unit(unit, MANAGER_REMOVED, "%s",
				  plan_reason_text(call->manager->plan.actions[call->action].reason));
	memcpy(unit->id, call->new_id, ID_HEX_SIZE);
	manager_tell_unit(unit, MANAGER_CREATED, NULL);
	unit_handle(unit, SUPERVISOR_DONE);
	manager_finish_action(call->manager, call->action);
}

static void make(struct unit *unit)
{
	const struct container_info *old = unit->manager->plan.actions[unit->action].container;
	struct call call = {
		.run = call_make,
		.done = make_done,
		.unit = unit,
		.action = unit->action,
		.ends_container = old,
		.grace_ms = GRACE_UNSET,
	};

	if (old) {
		memcpy(call.id, old->id, ID_HEX_SIZE);
		memcpy(unit->id, old->id, ID_HEX_SIZE);
		manager_tell_unit(unit, MANAGER_STOPPING, "%s",
				  plan_reason_text(unit->manager->plan.actions[unit->action].reason));
	}
	manager_start_call(unit->manager, &call);
}

static void start_done(struct call *call)
{
	struct unit *unit = call->unit;

	if (call->result < 0) {
		unit_handle(unit, SUPERVISOR_ERROR);
		manager_fail(call->manager, &call->error, unit_service(unit), unit_name(unit));
		return;
	}
	unit->exit_fd = TAKE_FD(call->fd);
	manager_tell_unit(unit, MANAGER_STARTED, NULL);
	unit_handle(unit, SUPERVISOR_DONE);
	manager_finish_action(call->manager, call->action);
}

static void start(struct unit *unit)
{
	struct call call = { .run = call_start, .done = start_done, .unit = unit, .action = unit->action };

	memcpy(call.id, unit->id, ID_HEX_SIZE);
	manager_start_call(unit->manager, &call);
}

/* ---- the end ---- */

static void stop_watching(struct unit *unit)
{
	loop_poll_free(unit->exit_poll);
	unit->exit_poll = NULL;
	if (unit->exit_fd >= 0)
		close(unit->exit_fd);
	unit->exit_fd = -1;
}

void manager_stop_watching(struct manager *m)
{
	for (size_t i = 0; m->units && i < m->replicas.count; i++)
		stop_watching(&m->units[i]);
}

/* One whose record cannot be read has ended all the same, nobody knows how: somebody may have removed it. */
static void exit_was_read(struct call *call)
{
	struct unit *unit = call->unit;

	unit->exit = call->exit;
	if (call->result < 0)
		unit->exit = (struct exit_record){ .is_known = false, .code = -1 };
	unit_handle(unit, SUPERVISOR_EXITED);
}

static void exit_is_near(void *data)
{
	struct unit *unit = data;
	struct call call = { .run = call_read_exit, .done = exit_was_read, .unit = unit };

	stop_watching(unit);
	memcpy(call.id, unit->id, ID_HEX_SIZE);
	manager_start_call(unit->manager, &call);
}

static int open_watch(struct unit *unit, struct error *err)
{
	struct manager *m = unit->manager;
	int r;

	if (unit->exit_fd < 0 && runtime_open_wait(m->runtime, unit->id, &unit->exit_fd, err) < 0)
		return -1;
	r = loop_poll_new(m->loop, unit->exit_fd, exit_is_near, unit, &unit->exit_poll);
	return r < 0 ? fail_errno(err, r, "watch %s", unit_name(unit)) : 0;
}

/* One that was adopted has no fd yet, and may be gone. */
static void watch(struct unit *unit)
{
	struct error err = { 0 };

	if (unit->exit_fd < 0)
		manager_tell_unit(unit, MANAGER_ADOPTED, NULL);
	if (open_watch(unit, &err) == 0) {
		unit_begin_health(unit);
		return;
	}
	unit->exit = (struct exit_record){ .is_known = false, .code = -1 };
	unit_handle(unit, SUPERVISOR_EXITED);
	if (err.kind != ERR_NOT_FOUND)
		manager_fail(unit->manager, &err, unit_service(unit), unit_name(unit));
}

static void stop_done(struct call *call)
{
	struct unit *unit = call->unit;

	if (call->result == 0 || call->error.kind == ERR_NOT_FOUND)
		return; /* its end comes by the watch, with the record */
	unit_handle(unit, SUPERVISOR_ERROR);
	manager_fail(call->manager, &call->error, unit_service(unit), unit_name(unit));
}

static void stop(struct unit *unit, int signo, uint64_t grace_ms)
{
	struct call call = { .run = call_stop, .done = stop_done, .unit = unit, .signo = signo, .grace_ms = grace_ms };

	memcpy(call.id, unit->id, ID_HEX_SIZE);
	manager_tell_unit(unit, MANAGER_STOPPING, signo == SIGKILL ? "killed" : NULL);
	manager_start_call(unit->manager, &call);
}

static void report_end(struct unit *unit)
{
	bool is_surprise = !unit->replica->is_job && unit->exit.asked_by == EXIT_ASKED_NOBODY;

	unit_end_health(unit);
	stop_watching(unit);
	manager_tell_unit(unit, MANAGER_EXITED, is_surprise ? "it is not started again" : NULL);
}

/* ---- the machine ---- */

void unit_handle(struct unit *unit, enum supervisor_event event)
{
	struct supervisor_next next = supervisor_next(unit->supervisor, event);

	unit->manager->is_dirty |= next.now.state != unit->supervisor.state;
	unit->supervisor = next.now;
	switch (next.action) {
	case SUPERVISOR_DO_NOTHING:
		break;
	case SUPERVISOR_DO_MAKE:
		make(unit);
		break;
	case SUPERVISOR_DO_START:
		start(unit);
		break;
	case SUPERVISOR_DO_WATCH:
		watch(unit);
		break;
	case SUPERVISOR_DO_STOP:
		stop(unit, 0, GRACE_UNSET);
		break;
	case SUPERVISOR_DO_KILL:
		stop(unit, SIGKILL, 0);
		break;
	case SUPERVISOR_DO_REPORT:
		report_end(unit);
		break;
	}
}

/* ---- all of them ---- */

static bool has_live_unit(const struct manager *m, size_t service)
{
	const struct service_run *run = &m->services[service];

	for (size_t i = 0; i < run->n_units; i++)
		if (supervisor_is_live(&m->units[run->first_unit + i].supervisor))
			return true;
	return false;
}

bool manager_has_live_units(const struct manager *m)
{
	for (size_t i = 0; i < m->replicas.count; i++)
		if (supervisor_is_live(&m->units[i].supervisor))
			return true;
	return false;
}

static bool has_live_dependent(const struct manager *m, size_t service)
{
	const struct service_run *run = &m->services[service];

	for (size_t i = 0; i < run->n_dependents; i++)
		if (has_live_unit(m, run->dependents[i]))
			return true;
	return false;
}

/* Against the order, so that what nobody needs any more goes first. */
void manager_stop_units(struct manager *m)
{
	bool is_killing = manager_stop_level(m) > 1;

	for (size_t i = m->order.count; i-- > 0;) {
		size_t service = m->order.items[i];
		const struct service_run *run = &m->services[service];

		if (!is_killing && has_live_dependent(m, service))
			continue;
		for (size_t j = run->n_units; j-- > 0;)
			unit_handle(&m->units[run->first_unit + j], is_killing ? SUPERVISOR_KILL : SUPERVISOR_STOP);
	}
	if (is_killing)
		manager_kill_calls(m);
}

/* 1: up; 0: not yet; -1: it never will be. */
static int is_up(const struct unit *unit, struct error *err)
{
	switch (unit->supervisor.state) {
	case SUPERVISOR_RUNNING:
		if (unit->probe && unit->health.state == HEALTH_UNHEALTHY)
			return fail(err, ERR_HEALTH_CHECK_FAILED, "%s is unhealthy: %s", unit_name(unit),
				    unit->last_failure.msg);
		return unit_is_healthy(unit);
	case SUPERVISOR_ENDED:
		if (unit->probe && !unit->was_healthy)
			return fail(err, ERR_HEALTH_CHECK_FAILED, "%s ended with %d before it was healthy",
				    unit_name(unit), unit->exit.code);
		return 1;
	case SUPERVISOR_IDLE:
	case SUPERVISOR_MAKING:
	case SUPERVISOR_STARTING:
	case SUPERVISOR_STOPPING:
	case SUPERVISOR_FAILED:
		break;
	}
	return 0;
}

bool manager_is_all_up(struct manager *m)
{
	bool is_all_up = true;

	for (size_t i = 0; i < m->replicas.count; i++) {
		struct error err = { 0 };
		int r = is_up(&m->units[i], &err);

		if (r < 0)
			manager_fail(m, &err, unit_service(&m->units[i]), unit_name(&m->units[i]));
		is_all_up = is_all_up && r > 0;
	}
	return is_all_up;
}
