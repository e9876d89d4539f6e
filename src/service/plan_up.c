/* plan_up.c - from what is wanted and what is there to the actions of `up`. */
#include <stdlib.h>
#include <string.h>

#include "base/hashmap.h"
#include "service/container_from_spec.h"
#include "service/plan.h"
#include "service/plan_private.h"

struct range {
	size_t first, count; /* in the replicas */
};

struct planning {
	const struct plan_input *input;
	struct plan *plan;
	struct hashmap observed; /* name -> info of this deployment */
	struct hashmap wanted;   /* name -> replica */
	struct hashmap images;   /* what is pulled already */
	struct range *ranges;    /* by service: its replicas */
	size_t *up;              /* by replica: the action after which it is up */
	size_t *waits, n_waits;  /* of the service at hand */
};

static const struct spec_service *service_at(const struct planning *p, size_t index)
{
	return &p->input->spec->services.items[index];
}

/* ---- what one replica needs ---- */

struct decision {
	enum plan_kind first; /* KEEP, or what comes before START, or START itself */
	enum plan_reason reason;
};

static struct decision decide_by_status(const struct replica *replica, const struct container_info *info)
{
	switch (info->status) {
	case CONTAINER_INITIALIZING:
	case CONTAINER_RUNNING:
	case CONTAINER_PAUSED:
		return (struct decision){ PLAN_KEEP, PLAN_REASON_NONE };
	case CONTAINER_STOPPING:
		return (struct decision){ PLAN_STOP, PLAN_REASON_ENDED };
	case CONTAINER_EXITED:
		if (replica->is_job && info->exit.is_known && info->exit.code == 0)
			return (struct decision){ PLAN_KEEP, PLAN_REASON_NONE };
		break;
	case CONTAINER_PENDING:
	case CONTAINER_FAILED:
		return (struct decision){ PLAN_START, PLAN_REASON_NEVER_RAN };
	case CONTAINER_UNKNOWN:
		break;
	}
	return (struct decision){ PLAN_START, PLAN_REASON_ENDED };
}

static struct decision decide(const struct replica *replica, const struct container_info *info)
{
	const char *is, *wanted;

	if (!info)
		return (struct decision){ PLAN_CREATE, PLAN_REASON_NEW };
	is = strv_env_get(&info->labels, LABEL_CONFIG_HASH);
	wanted = strv_env_get(&replica->config->labels, LABEL_CONFIG_HASH);
	if (!is || !wanted || strcmp(is, wanted) != 0)
		return (struct decision){ PLAN_RECREATE, PLAN_REASON_CHANGED };
	return decide_by_status(replica, info);
}

static struct decision decide_at(const struct planning *p, size_t index, const struct container_info **ret)
{
	const struct replica *replica = &p->input->replicas->items[index];

	*ret = hashmap_get(&p->observed, replica->config->name);
	return decide(replica, *ret);
}

/* ---- pulls ---- */

static int add_pull(struct planning *p, size_t index)
{
	const struct replica *replica = &p->input->replicas->items[index];
	struct plan_action action = { PLAN_PULL, PLAN_REASON_NONE, replica->service, index };
	int r = hashmap_put(&p->images, replica->config->image, (void *)replica);

	if (r == -EEXIST)
		return 0;
	return r < 0 ? r : plan_add(p->plan, &action, NULL);
}

static int add_pulls(struct planning *p)
{
	for (size_t i = 0; i < p->input->replicas->count; i++) {
		const struct container_info *info;
		enum plan_kind kind = decide_at(p, i, &info).first;

		if ((kind == PLAN_CREATE || kind == PLAN_RECREATE) && add_pull(p, i) < 0)
			return -ENOMEM;
	}
	p->plan->n_pulls = p->plan->count;
	return 0;
}

/* ---- removals: what the spec does not know, then services against their order, high numbers first ---- */

struct surplus {
	const struct container_info *info;
	size_t service;  /* PLAN_NONE: not in the spec */
	size_t position; /* in the order; PLAN_NONE likewise */
};

static int compare_surplus(const void *left, const void *right)
{
	const struct surplus *a = left, *b = right;
	int r;

	if (a->position != b->position)
		return a->position > b->position ? -1 : 1;
	r = strcmp(a->info->service ? a->info->service : "", b->info->service ? b->info->service : "");
	if (r != 0)
		return r;
	if (a->info->replica != b->info->replica)
		return a->info->replica > b->info->replica ? -1 : 1;
	return strcmp(b->info->name, a->info->name);
}

static size_t position_of(const struct planning *p, const char *service)
{
	const struct service_order *order = p->input->order;

	for (size_t i = 0; service && i < order->count; i++)
		if (strcmp(service_at(p, order->items[i])->name, service) == 0)
			return i;
	return PLAN_NONE;
}

/* With some services selected, the containers of all others are none of our business. */
static size_t collect_surplus(const struct planning *p, struct surplus *ret)
{
	const struct container_list *observed = p->input->observed;
	size_t count = 0;

	for (size_t i = 0; i < observed->count; i++) {
		const struct container_info *info = observed->items[i];
		size_t position;

		if (hashmap_get(&p->observed, info->name) != info || hashmap_get(&p->wanted, info->name))
			continue;
		position = position_of(p, info->service);
		if (position == PLAN_NONE && p->input->is_partial)
			continue;
		ret[count++] =
			(struct surplus){ info, position == PLAN_NONE ? PLAN_NONE : p->input->order->items[position],
					  position };
	}
	qsort(ret, count, sizeof(*ret), compare_surplus);
	return count;
}

static bool is_same_service(const struct surplus *a, const struct surplus *b)
{
	if (a->service != b->service)
		return false;
	return a->service != PLAN_NONE ||
	       strcmp(a->info->service ? a->info->service : "", b->info->service ? b->info->service : "") == 0;
}

/* One after the other in each service, so that what is left at any time is the lowest numbers. */
static int add_removals(struct planning *p)
{
	autofree struct surplus *surplus = calloc(p->input->observed->count + 1, sizeof(*surplus));
	size_t count = surplus ? collect_surplus(p, surplus) : 0, index = 0;

	if (!surplus)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct plan_action action = {
			PLAN_REMOVE,
			surplus[i].service == PLAN_NONE ? PLAN_REASON_NOT_IN_SPEC : PLAN_REASON_SCALED_DOWN,
			surplus[i].service,
			PLAN_NONE,
			surplus[i].info,
		};
		size_t before = index;

		if (plan_add(p->plan, &action, &index) < 0)
			return -ENOMEM;
		if (i > 0 && is_same_service(&surplus[i - 1], &surplus[i]) && plan_add_edge(p->plan, before) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* ---- services in order ---- */

static int add_wait(struct planning *p, size_t index, const struct spec_dependency *dependency, size_t on)
{
	struct plan_action action = {
		.kind = PLAN_WAIT, .service = index, .replica = PLAN_NONE, .dependency = dependency
	};
	const struct range *range = &p->ranges[on];

	if (plan_add(p->plan, &action, &p->waits[p->n_waits]) < 0)
		return -ENOMEM;
	p->n_waits++;
	for (size_t i = 0; i < range->count; i++)
		if (plan_add_edge(p->plan, p->up[range->first + i]) < 0)
			return -ENOMEM;
	return 0;
}

static int add_waits(struct planning *p, size_t index)
{
	const struct spec_service *service = service_at(p, index);

	p->n_waits = 0;
	for (size_t i = 0; i < service->depends.count; i++) {
		const struct spec_dependency *dependency = &service->depends.items[i];
		size_t on = position_of(p, dependency->service);

		if (on != PLAN_NONE && add_wait(p, index, dependency, p->input->order->items[on]) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int add_step(struct planning *p, const struct plan_action *action, size_t after)
{
	if (plan_add(p->plan, action, &p->up[action->replica]) < 0)
		return -ENOMEM;
	if (after != PLAN_NONE)
		return plan_add_edge(p->plan, after);
	for (size_t i = 0; action->kind != PLAN_KEEP && i < p->n_waits; i++)
		if (plan_add_edge(p->plan, p->waits[i]) < 0)
			return -ENOMEM;
	return 0;
}

static int add_replica(struct planning *p, size_t index)
{
	const struct replica *replica = &p->input->replicas->items[index];
	struct plan_action action = { .service = replica->service, .replica = index };
	struct decision decision = decide_at(p, index, &action.container);

	action.kind = decision.first;
	action.reason = decision.reason;
	if (add_step(p, &action, PLAN_NONE) < 0)
		return -ENOMEM;
	if (decision.first == PLAN_KEEP || decision.first == PLAN_START)
		return 0;
	action.kind = PLAN_START;
	if (decision.first != PLAN_STOP)
		action.container = NULL;
	return add_step(p, &action, p->up[index]);
}

static bool has_anything_to_do(const struct planning *p, const struct range *range)
{
	for (size_t i = 0; i < range->count; i++) {
		const struct container_info *info;

		if (decide_at(p, range->first + i, &info).first != PLAN_KEEP)
			return true;
	}
	return false;
}

static int add_service(struct planning *p, size_t index)
{
	const struct range *range = &p->ranges[index];

	p->n_waits = 0;
	if (has_anything_to_do(p, range) && add_waits(p, index) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < range->count; i++)
		if (add_replica(p, range->first + i) < 0)
			return -ENOMEM;
	return 0;
}

/* ---- the whole ---- */

static int index_observed(struct planning *p)
{
	const struct container_list *observed = p->input->observed;

	for (size_t i = 0; i < observed->count; i++) {
		struct container_info *info = observed->items[i];

		if (info->name && info->deployment && strcmp(info->deployment, p->input->spec->deployment) == 0 &&
		    hashmap_put(&p->observed, info->name, info) == -ENOMEM)
			return -ENOMEM;
	}
	return 0;
}

static int index_replicas(struct planning *p, struct error *err)
{
	const struct replica_list *replicas = p->input->replicas;

	for (size_t i = 0; i < replicas->count; i++) {
		struct range *range = &p->ranges[replicas->items[i].service];
		int r = hashmap_put(&p->wanted, replicas->items[i].config->name, &replicas->items[i]);

		if (r == -EEXIST)
			return fail(err, ERR_INVALID_SPEC, "services.%s.replica_groups: role %s is there twice",
				    replicas->items[i].config->service, replicas->items[i].config->role);
		if (r < 0)
			return fail_oom(err);
		if (range->count++ == 0)
			range->first = i;
	}
	return 0;
}

static size_t most_dependencies(const struct spec_deployment *spec)
{
	size_t most = 0;

	for (size_t i = 0; i < spec->services.count; i++)
		if (spec->services.items[i].depends.count > most)
			most = spec->services.items[i].depends.count;
	return most;
}

static int write_plan(struct planning *p, struct error *err)
{
	int r;

	if (index_replicas(p, err) < 0)
		return -1;
	r = index_observed(p);
	if (r == 0)
		r = add_pulls(p);
	if (r == 0)
		r = add_removals(p);
	for (size_t i = 0; r == 0 && i < p->input->order->count; i++)
		r = add_service(p, p->input->order->items[i]);
	return r < 0 ? fail_oom(err) : 0;
}

int plan_up(const struct plan_input *input, struct plan *ret, struct error *err)
{
	AUTO_DONE(plan) plan = { 0 };
	autofree struct range *ranges = calloc(input->spec->services.count + 1, sizeof(*ranges));
	autofree size_t *up = calloc(input->replicas->count + 1, sizeof(*up));
	autofree size_t *waits = calloc(most_dependencies(input->spec) + 1, sizeof(*waits));
	struct planning p = { .input = input, .plan = &plan, .ranges = ranges, .up = up, .waits = waits };
	int r = ranges && up && waits ? write_plan(&p, err) : fail_oom(err);

	hashmap_done(&p.observed);
	hashmap_done(&p.wanted);
	hashmap_done(&p.images);
	if (r < 0)
		return -1;
	*ret = plan;
	plan = (struct plan){ 0 };
	return 0;
}
