/* execution.c - counts what each action of a plan still waits for. */
#include "service/execution.h"

#include <stdlib.h>

static void add_ready(struct execution *e, size_t action)
{
	size_t at = e->end_ready;

	for (; at > e->first_ready && e->ready[at - 1] > action; at--)
		e->ready[at] = e->ready[at - 1];
	e->ready[at] = action;
	e->end_ready++;
}

/* Turns the edges round: counted, then placed. */
static void index_waiters(struct execution *e)
{
	const struct plan *plan = e->plan;

	for (size_t i = 0; i < plan->n_edges; i++)
		e->first_waiter[plan->edges[i] + 1]++;
	for (size_t i = 0; i < plan->count; i++)
		e->first_waiter[i + 1] += e->first_waiter[i];
	for (size_t i = plan->count; i-- > 0;)
		for (size_t j = 0; j < plan->actions[i].n_edges; j++) {
			size_t on = plan->edges[plan->actions[i].first_edge + j];

			/* unmet serves as the number of those placed, before it gets its own meaning. */
			e->waiters[e->first_waiter[on + 1] - 1 - e->unmet[on]++] = i;
		}
	for (size_t i = 0; i < plan->count; i++)
		e->unmet[i] = plan->actions[i].n_edges + (i >= plan->n_pulls && plan->n_pulls > 0);
}

int execution_init(struct execution *e, const struct plan *plan, struct error *err)
{
	*e = (struct execution){
		.plan = plan,
		.unmet = calloc(plan->count + 1, sizeof(size_t)),
		.waiters = calloc(plan->n_edges + 1, sizeof(size_t)),
		.first_waiter = calloc(plan->count + 2, sizeof(size_t)),
		.ready = calloc(plan->count + 1, sizeof(size_t)),
		.pulls_left = plan->n_pulls,
	};
	if (!e->unmet || !e->waiters || !e->first_waiter || !e->ready) {
		execution_done(e);
		return fail_oom(err);
	}
	index_waiters(e);
	for (size_t i = 0; i < plan->count; i++)
		if (e->unmet[i] == 0)
			add_ready(e, i);
	return 0;
}

void execution_done(struct execution *e)
{
	free(e->unmet);
	free(e->waiters);
	free(e->first_waiter);
	free(e->ready);
	*e = (struct execution){ 0 };
}

bool execution_next(struct execution *e, size_t *ret)
{
	if (e->first_ready == e->end_ready)
		return false;
	*ret = e->ready[e->first_ready++];
	return true;
}

static void meet(struct execution *e, size_t action)
{
	if (--e->unmet[action] == 0)
		add_ready(e, action);
}

void execution_finish(struct execution *e, size_t action)
{
	e->n_done++;
	for (size_t i = e->first_waiter[action]; i < e->first_waiter[action + 1]; i++)
		meet(e, e->waiters[i]);
	if (action >= e->plan->n_pulls || --e->pulls_left > 0)
		return;
	for (size_t i = e->plan->n_pulls; i < e->plan->count; i++)
		meet(e, i);
}

bool execution_is_over(const struct execution *e)
{
	return e->n_done == e->plan->count;
}
