/* manager_actions.c - begins what the plan says, one function a kind of action. */
#include <string.h>

#include "service/manager_private.h"

void manager_finish_action(struct manager *m, size_t index)
{
	execution_finish(&m->execution, index);
}

static struct unit *unit_of(struct manager *m, const struct plan_action *action)
{
	return &m->units[action->replica];
}

static bool is_live(const struct container_info *info)
{
	return info->status == CONTAINER_RUNNING || info->status == CONTAINER_PAUSED ||
	       info->status == CONTAINER_INITIALIZING || info->status == CONTAINER_STOPPING;
}

/* What is done when a call of an action without a unit ends: the same for all. */
static void action_done(struct call *call)
{
	struct manager *m = call->manager;
	const struct plan_action *action = &m->plan.actions[call->action];
	const struct container_info *info = action->container;

	if (call->result < 0)
		manager_fail(m, &call->error, info ? info->service : NULL, info ? info->name : NULL);
	else if (action->kind == PLAN_REMOVE)
		manager_tell_container(m, MANAGER_REMOVED, info, plan_reason_text(action->reason));
	if (call->result == 0 || m->is_down) /* one container that stays does not keep the others of a `down` */
		manager_finish_action(m, call->action);
}

static void begin_pull(struct manager *m, size_t index)
{
	const struct replica *replica = &m->replicas.items[m->plan.actions[index].replica];

	if (replica->pull_policy == PULL_ALWAYS || replica->pull_policy == PULL_NEWER)
		manager_tell(m, MANAGER_PULLING, replica->config->service, "%s", replica->config->image);
	manager_start_call(m, &(struct call){ .run = call_pull, .done = action_done, .action = index });
}

static void begin_remove(struct manager *m, size_t index)
{
	const struct container_info *info = m->plan.actions[index].container;
	struct call call = {
		.run = call_remove,
		.done = action_done,
		.action = index,
		.ends_container = true,
		.grace_ms = manager_stop_level(m) > 0 ? 0 : m->grace_ms,
	};

	memcpy(call.id, info->id, ID_HEX_SIZE);
	if (is_live(info))
		manager_tell_container(m, MANAGER_STOPPING, info, NULL);
	manager_start_call(m, &call);
}

static void begin_remove_volumes(struct manager *m, size_t index)
{
	manager_start_call(m, &(struct call){ .run = call_remove_volumes, .done = action_done, .action = index });
}

static void begin_stop(struct manager *m, size_t index)
{
	const struct container_info *info = m->plan.actions[index].container;
	struct call call = {
		.run = call_stop, .done = action_done, .action = index, .ends_container = true, .grace_ms = GRACE_UNSET
	};

	memcpy(call.id, info->id, ID_HEX_SIZE);
	manager_start_call(m, &call);
}

static void begin_keep(struct manager *m, size_t index)
{
	const struct plan_action *action = &m->plan.actions[index];
	struct unit *unit = unit_of(m, action);

	memcpy(unit->id, action->container->id, ID_HEX_SIZE);
	unit->exit = action->container->exit;
	unit_handle(unit, is_live(action->container) ? SUPERVISOR_ADOPT_RUNNING : SUPERVISOR_ADOPT_ENDED);
	manager_finish_action(m, index);
}

static void begin_make(struct manager *m, size_t index)
{
	struct unit *unit = unit_of(m, &m->plan.actions[index]);

	unit->action = index;
	unit_handle(unit, SUPERVISOR_MAKE);
}

static void begin_start(struct manager *m, size_t index)
{
	const struct plan_action *action = &m->plan.actions[index];
	struct unit *unit = unit_of(m, action);

	if (action->container)
		memcpy(unit->id, action->container->id, ID_HEX_SIZE);
	unit->action = index;
	unit_handle(unit, SUPERVISOR_START);
}

static void (*const beginnings[])(struct manager *m, size_t index) = {
	[PLAN_PULL] = begin_pull,         [PLAN_KEEP] = begin_keep,   [PLAN_REMOVE] = begin_remove,
	[PLAN_WAIT] = manager_begin_wait, [PLAN_CREATE] = begin_make, [PLAN_RECREATE] = begin_make,
	[PLAN_STOP] = begin_stop,         [PLAN_START] = begin_start, [PLAN_REMOVE_VOLUMES] = begin_remove_volumes,
};

void manager_begin_action(struct manager *m, size_t index)
{
	beginnings[m->plan.actions[index].kind](m, index);
}
