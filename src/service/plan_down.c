/* plan_down.c - the removal of a deployment: whom each service depends on is read from its containers' labels, since
 * the spec may be another one by now, or gone.
 */
#include <stdlib.h>
#include <string.h>

#include "service/container_from_spec.h"
#include "service/plan.h"
#include "service/plan_private.h"

struct removal {
	const struct container_info *info;
	bool is_placed;
	size_t action; /* once placed */
};

struct removals {
	struct removal *items;
	size_t count;
};

/* "a,b" holds b */
static bool names_service(const char *list, const char *service)
{
	size_t len = strlen(service);

	for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
		if (strncmp(p, service, len) == 0 && (p[len] == ',' || p[len] == '\0'))
			return true;
	return false;
}

static bool depends_on(const struct container_info *a, const struct container_info *b)
{
	const char *list = strv_env_get(&a->labels, LABEL_DEPENDS);

	return list && b->service && names_service(list, b->service);
}

static bool is_free(const struct removals *all, const struct removal *one)
{
	for (size_t i = 0; i < all->count; i++)
		if (!all->items[i].is_placed && depends_on(all->items[i].info, one->info))
			return false;
	return true;
}

static int place(struct plan *plan, struct removals *all, struct removal *one)
{
	struct plan_action action = { PLAN_REMOVE, PLAN_REASON_DOWN, PLAN_NONE, PLAN_NONE, one->info };

	if (plan_add(plan, &action, &one->action) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].is_placed && depends_on(all->items[i].info, one->info) &&
		    plan_add_edge(plan, all->items[i].action) < 0)
			return -ENOMEM;
	one->is_placed = true;
	return 0;
}

/* Labels of different times may make a cycle: then the one that was made last goes first. */
static int place_all(struct plan *plan, struct removals *all)
{
	for (size_t left = all->count; left > 0;) {
		size_t before = left, last = PLAN_NONE;

		for (size_t i = all->count; i-- > 0;) {
			struct removal *one = &all->items[i];

			if (one->is_placed)
				continue;
			if (last == PLAN_NONE)
				last = i;
			if (!is_free(all, one))
				continue;
			if (place(plan, all, one) < 0)
				return -ENOMEM;
			left--;
		}
		if (left == before && place(plan, all, &all->items[last]) < 0)
			return -ENOMEM;
		left -= left == before;
	}
	return 0;
}

static int add_volumes(struct plan *plan)
{
	struct plan_action action = { .kind = PLAN_REMOVE_VOLUMES, .service = PLAN_NONE, .replica = PLAN_NONE };
	size_t n_removals = plan->count;

	if (plan_add(plan, &action, NULL) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n_removals; i++)
		if (plan_add_edge(plan, i) < 0)
			return -ENOMEM;
	return 0;
}

int plan_down(const struct container_list *observed, const char *deployment, bool has_volumes, struct plan *ret,
	      struct error *err)
{
	AUTO_DONE(plan) plan = { 0 };
	autofree struct removal *items = calloc(observed->count + 1, sizeof(*items));
	struct removals all = { items, 0 };

	if (!items)
		return fail_oom(err);
	for (size_t i = 0; i < observed->count; i++)
		if (observed->items[i]->deployment && strcmp(observed->items[i]->deployment, deployment) == 0)
			items[all.count++].info = observed->items[i];
	if (place_all(&plan, &all) < 0 || (has_volumes && add_volumes(&plan) < 0))
		return fail_oom(err);
	*ret = plan;
	plan = (struct plan){ 0 };
	return 0;
}
