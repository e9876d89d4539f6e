/* execution.h - how far a plan has been carried out: which actions may begin now. Pure.
 *
 * An action may begin when all that it waits for are done; all others wait for the pulls. Ready ones come out in the
 * order of the plan.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "service/plan.h"

struct execution {
	const struct plan *plan; /* borrowed */
	size_t *unmet;           /* by action: how many it still waits for */
	size_t *waiters;         /* by edge of the plan turned round */
	size_t *first_waiter;    /* by action, one more than there are: its range in waiters */
	size_t *ready;           /* sorted; those before first_ready were given out */
	size_t first_ready, end_ready, n_done, pulls_left;
};

/* 0, or -1 when memory is out. */
int execution_init(struct execution *e, const struct plan *plan, struct error *err);
void execution_done(struct execution *e);

/* The next action to begin, each once; false when none may begin now. */
bool execution_next(struct execution *e, size_t *ret);

/* This action is done; others may have become ready by that. */
void execution_finish(struct execution *e, size_t action);

bool execution_is_over(const struct execution *e);
