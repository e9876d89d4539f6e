/* plan_list.c - the list of actions and its edges. */
#include "service/plan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "service/plan_private.h"

static const char *const reason_texts[] = {
	[PLAN_REASON_NONE] = "",
	[PLAN_REASON_NEW] = "new",
	[PLAN_REASON_CHANGED] = "its config has changed",
	[PLAN_REASON_NEVER_RAN] = "it never ran",
	[PLAN_REASON_ENDED] = "it has ended",
	[PLAN_REASON_SCALED_DOWN] = "scaled down",
	[PLAN_REASON_NOT_IN_SPEC] = "the spec has no such service",
	[PLAN_REASON_DOWN] = "",
};

const char *plan_reason_text(enum plan_reason reason)
{
	return reason_texts[reason];
}

void plan_done(struct plan *plan)
{
	free(plan->actions);
	free(plan->edges);
	*plan = (struct plan){ 0 };
}

int plan_add(struct plan *plan, const struct plan_action *action, size_t *ret)
{
	if (array_reserve((void **)&plan->actions, &plan->capacity, plan->count + 1, sizeof(*action)) < 0)
		return -ENOMEM;
	plan->actions[plan->count] = *action;
	plan->actions[plan->count].first_edge = plan->n_edges;
	plan->actions[plan->count].n_edges = 0;
	if (ret)
		*ret = plan->count;
	plan->count++;
	return 0;
}

int plan_add_edge(struct plan *plan, size_t on)
{
	if (array_reserve((void **)&plan->edges, &plan->edges_capacity, plan->n_edges + 1, sizeof(size_t)) < 0)
		return -ENOMEM;
	plan->edges[plan->n_edges++] = on;
	plan->actions[plan->count - 1].n_edges++;
	return 0;
}
