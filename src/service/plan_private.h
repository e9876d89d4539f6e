/* plan_private.h - how plan_up.c and plan_down.c write a plan. 0 or -ENOMEM. */
#pragma once
#include "service/plan.h"

/* Adds an action without edges; its index in *ret (may be NULL). */
int plan_add(struct plan *plan, const struct plan_action *action, size_t *ret);

/* The last action waits for that one, too. */
int plan_add_edge(struct plan *plan, size_t on);
