/* manager_health.c - makes the checks that the health of a container asks for. */
#include <string.h>

#include "service/manager_private.h"

static void handle(struct unit *unit, enum health_event event);

bool unit_is_healthy(const struct unit *unit)
{
	if (unit->supervisor.state != SUPERVISOR_RUNNING)
		return false;
	return !unit->probe || unit->health.state == HEALTH_HEALTHY;
}

static void time_has_come(struct loop_timer *timer)
{
	struct unit *unit = (struct unit *)((char *)timer - offsetof(struct unit, health_timer));

	handle(unit, HEALTH_TIMER);
	manager_settle(unit->manager);
}

static void probe_done(struct call *call)
{
	struct unit *unit = call->unit;

	if (call->result < 0)
		unit->last_failure = call->error;
	handle(unit, call->result == 0 ? HEALTH_GOOD : HEALTH_BAD);
}

static void begin_check(struct unit *unit)
{
	struct call call = { .run = call_probe, .done = probe_done, .unit = unit, .is_probe = true };

	memcpy(call.id, unit->id, ID_HEX_SIZE);
	manager_start_call(unit->manager, &call);
}

static void tell_change(struct unit *unit, enum health_state before)
{
	enum health_state now = unit->health.state;

	if (now == before)
		return;
	unit->manager->is_dirty = true;
	if (now == HEALTH_HEALTHY) {
		unit->was_healthy = true;
		manager_tell_unit(unit, MANAGER_HEALTHY, NULL);
	} else if (now == HEALTH_UNHEALTHY) {
		manager_tell_unit(unit, MANAGER_UNHEALTHY, "%s", unit->last_failure.msg);
	}
}

/* Detached, nobody looks any more once a container is healthy: `up` is about to end. */
static bool needs_timer(const struct unit *unit, enum health_action action)
{
	if (action == HEALTH_NOTHING)
		return false;
	return !unit->manager->is_detached || unit->health.state != HEALTH_HEALTHY;
}

static void handle(struct unit *unit, enum health_event event)
{
	struct manager *m = unit->manager;
	enum health_state before = unit->health.state;
	struct health_next next = health_next(unit->health, &unit->policy, event, loop_now_ns(m->loop));

	unit->health = next.now;
	if (event == HEALTH_TIMER && next.now.is_late)
		fail(&unit->last_failure, ERR_TIMEOUT, "no result within %llu ms",
		     (unsigned long long)unit->probe->timeout_ms);
	tell_change(unit, before);
	if (needs_timer(unit, next.action))
		loop_arm_timer(m->loop, &unit->health_timer, unit->health.due_ns, time_has_come);
	if (next.action == HEALTH_CHECK)
		begin_check(unit);
}

void unit_begin_health(struct unit *unit)
{
	if (unit->probe)
		handle(unit, HEALTH_STARTED);
}

void unit_end_health(struct unit *unit)
{
	if (!unit->probe)
		return;
	loop_cancel_timer(&unit->health_timer);
	handle(unit, HEALTH_ENDED);
}
