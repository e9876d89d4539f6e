/* plan.h - what is to be done, as a pure function of what is wanted and what is there.
 *
 * A plan is a list of actions, each behind all that it waits for, and the edges between them. Carried out to the end
 * it makes the deployment what the spec says: planning again then gives KEEP alone. Containers of other deployments
 * do not occur.
 *
 *   there is                        wanted                           actions
 *   no container of the name        yes                              CREATE START
 *   one made from another config    yes                              RECREATE START
 *   it runs, or is being started    yes                              KEEP
 *   a job's that ended with 0       yes                              KEEP: it never runs again
 *   it never ran, or has ended      yes                              START
 *   it is being stopped             yes                              STOP START
 *   any                             no: scaled down, no such service REMOVE
 */
#pragma once
#include "runtime/runtime.h"
#include "service/replica_list.h"

enum plan_kind {
	PLAN_PULL,     /* the image of `replica`; everything else waits for all of these */
	PLAN_KEEP,     /* nothing is to be done */
	PLAN_REMOVE,   /* stop and remove `container` */
	PLAN_WAIT,     /* until `dependency` is met */
	PLAN_CREATE,   /* `replica` */
	PLAN_RECREATE, /* stop and remove `container`, create `replica` */
	PLAN_STOP,     /* wait for the end of a stop that is under way */
	PLAN_START,    /* `container`, or what CREATE and RECREATE of `replica` made */
	PLAN_REMOVE_VOLUMES,
};

enum plan_reason {
	PLAN_REASON_NONE,
	PLAN_REASON_NEW,
	PLAN_REASON_CHANGED,
	PLAN_REASON_NEVER_RAN,
	PLAN_REASON_ENDED,
	PLAN_REASON_SCALED_DOWN,
	PLAN_REASON_NOT_IN_SPEC,
	PLAN_REASON_DOWN,
};

/* "its config has changed"; "" for NONE. */
const char *plan_reason_text(enum plan_reason reason);

#define PLAN_NONE SIZE_MAX

struct plan_action {
	enum plan_kind kind;
	enum plan_reason reason;
	size_t service; /* index in the spec; PLAN_NONE: the spec has none */
	size_t replica; /* index in the list of replicas; PLAN_NONE for REMOVE, WAIT and REMOVE_VOLUMES */
	const struct container_info *container;   /* borrowed from what was observed; NULL: there is none */
	const struct spec_dependency *dependency; /* of WAIT */
	size_t first_edge, n_edges;               /* in edges: actions that this one waits for, all of lower index */
};

struct plan {
	struct plan_action *actions;
	size_t count, capacity;
	size_t *edges;
	size_t n_edges, edges_capacity;
	size_t n_pulls; /* the first actions of the list */
};

void plan_done(struct plan *plan);
DEFINE_AUTO_DONE(plan)

struct plan_input {
	const struct spec_deployment *spec;
	const struct service_order *order;     /* of the wanted services */
	const struct replica_list *replicas;   /* of them */
	const struct container_list *observed; /* of the whole node, or part of it */
	bool is_partial;                       /* only some services are wanted: the others are left alone */
};

/* The plan is empty before and borrows from all of the input. */
int plan_up(const struct plan_input *input, struct plan *ret, struct error *err);

/* Removes what there is of the deployment, dependents first as LABEL_DEPENDS tells them; then its volumes. */
int plan_down(const struct container_list *observed, const char *deployment, bool has_volumes, struct plan *ret,
	      struct error *err);
