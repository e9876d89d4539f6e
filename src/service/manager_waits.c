/* manager_waits.c - services that wait for others: each dependency has its time, and its way to go on without. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "service/manager_private.h"

#define TIMEOUT_DEFAULT_NS (300 * NSEC_PER_SEC)
#define TIMEOUT_LONGEST_NS (10ULL * 365 * 86400 * NSEC_PER_SEC)

static const struct spec_service *service_of(const struct wait *wait)
{
	return &wait->manager->spec->services.items[wait->manager->plan.actions[wait->action].service];
}

static bool is_job(const struct wait *wait)
{
	return wait->manager->spec->services.items[wait->on].rtype == SPEC_RTYPE_JOB;
}

static void add_to_view(struct service_view *view, const struct unit *unit)
{
	bool is_success = unit->exit.is_known && unit->exit.code == 0;

	view->wanted++;
	view->started += unit->supervisor.has_started;
	view->healthy += unit_is_healthy(unit);
	if (unit->supervisor.state != SUPERVISOR_ENDED)
		return;
	view->ended++;
	view->succeeded += is_success;
	if (!is_success || !view->is_job) {
		view->ended_name = unit_name(unit);
		view->ended_code = unit->exit.code;
	}
}

static struct service_view view_of(const struct wait *wait)
{
	const struct manager *m = wait->manager;
	const struct service_run *run = &m->services[wait->on];
	struct service_view view = { .is_job = is_job(wait) };

	for (size_t i = 0; i < run->n_units; i++)
		add_to_view(&view, &m->units[run->first_unit + i]);
	return view;
}

static void end_wait(struct wait *wait)
{
	struct wait **link = &wait->manager->waits;

	while (*link != wait)
		link = &(*link)->next;
	*link = wait->next;
	loop_cancel_timer(&wait->timer);
	free(wait);
}

/* The condition did not come true: why says how it stands. */
static void give_up(struct wait *wait, const struct error *why)
{
	struct manager *m = wait->manager;
	const char *service = service_of(wait)->name;
	size_t action = wait->action;
	enum spec_failure_action on_timeout = wait->dependency->on_timeout;

	end_wait(wait);
	switch (on_timeout) {
	case SPEC_ON_FAILURE_WARN:
		manager_tell(m, MANAGER_WARNING, service, "goes on without: %s", why->msg);
		manager_finish_action(m, action);
		break;
	case SPEC_ON_FAILURE_CONTINUE:
		manager_finish_action(m, action);
		break;
	case SPEC_ON_FAILURE_FAIL:
	case SPEC_ON_FAILURE_UNSET:
		manager_fail(m, why, service, NULL);
		break;
	}
}

static void give_up_hopeless(struct wait *wait, const struct service_view *view)
{
	struct error why = { 0 };

	if (view->ended_code >= 0)
		fail(&why, ERR_UNEXPECTED_EXIT, "service %s: waits until %s %s, but %s ended with %d",
		     service_of(wait)->name, wait->dependency->service,
		     dependency_goal(wait->dependency->condition, view->is_job), view->ended_name, view->ended_code);
	else
		fail(&why, ERR_UNEXPECTED_EXIT, "service %s: waits until %s %s, but %s ended, and nobody saw how",
		     service_of(wait)->name, wait->dependency->service,
		     dependency_goal(wait->dependency->condition, view->is_job), view->ended_name);
	give_up(wait, &why);
}

static void check(struct wait *wait)
{
	struct service_view view = view_of(wait);
	struct manager *m = wait->manager;
	size_t action = wait->action;

	switch (dependency_check(wait->dependency->condition, &view)) {
	case DEPENDENCY_MET:
		end_wait(wait);
		manager_finish_action(m, action);
		break;
	case DEPENDENCY_HOPELESS:
		give_up_hopeless(wait, &view);
		break;
	case DEPENDENCY_PENDING:
		break;
	}
}

void manager_check_waits(struct manager *m)
{
	for (struct wait *wait = m->waits, *next; wait; wait = next) {
		next = wait->next;
		check(wait);
	}
}

static void time_is_up(struct loop_timer *timer)
{
	struct wait *wait = (struct wait *)((char *)timer - offsetof(struct wait, timer));
	struct manager *m = wait->manager;
	struct error why = { 0 };

	fail(&why, ERR_DEPENDENCY_TIMEOUT, "service %s: waited %g s until %s %s, in vain", service_of(wait)->name,
	     (double)wait->timeout_ns / NSEC_PER_SEC, wait->dependency->service,
	     dependency_goal(wait->dependency->condition, is_job(wait)));
	give_up(wait, &why);
	m->is_dirty = true;
	manager_settle(m);
}

static uint64_t timeout_of(const struct spec_dependency *dependency)
{
	if (dependency->timeout == SPEC_NO_DURATION)
		return TIMEOUT_DEFAULT_NS;
	return dependency->timeout < TIMEOUT_LONGEST_NS ? dependency->timeout : TIMEOUT_LONGEST_NS;
}

static size_t index_of(const struct manager *m, const char *service)
{
	return (size_t)(spec_find_service(m->spec, service) - m->spec->services.items);
}

/* Looked at once before the time counts: a timeout of 0 still sees what is true already. */
void manager_begin_wait(struct manager *m, size_t action)
{
	const struct spec_dependency *dependency = m->plan.actions[action].dependency;
	struct wait *wait = malloc(sizeof(*wait));
	struct service_view view;

	if (!wait) {
		struct error err = { 0 };

		fail_oom(&err);
		manager_fail(m, &err, NULL, NULL);
		return;
	}
	*wait = (struct wait){
		m->waits, m, action, dependency, index_of(m, dependency->service), timeout_of(dependency)
	};
	m->waits = wait;
	view = view_of(wait);
	if (dependency_check(dependency->condition, &view) == DEPENDENCY_PENDING)
		manager_tell(m, MANAGER_WAITING, service_of(wait)->name, "until %s %s", dependency->service,
			     dependency_goal(dependency->condition, view.is_job));
	loop_arm_timer(m->loop, &wait->timer, loop_now_ns(m->loop) + wait->timeout_ns, time_is_up);
	m->is_dirty = true;
}

void manager_free_waits(struct manager *m)
{
	while (m->waits)
		end_wait(m->waits);
}
