/* dependency.c - the order of services, by depth-first search, and the conditions of depends. */
#include "service/dependency.h"

#include <stdlib.h>
#include <string.h>

#include "base/hashmap.h"
#include "base/strbuf.h"

/* ---- order ---- */

enum mark { UNSEEN, ON_PATH, PLACED };

struct search {
	const struct spec_deployment *spec;
	struct hashmap indices; /* name -> index + 1 */
	enum mark *marks;
	size_t *path;
	size_t depth;
	struct service_order order;
};

void service_order_done(struct service_order *order)
{
	free(order->items);
	*order = (struct service_order){ 0 };
}

static bool find_service(const struct search *search, const char *name, size_t *ret)
{
	size_t index_plus_one = (size_t)hashmap_get(&search->indices, name);

	if (!index_plus_one)
		return false;
	*ret = index_plus_one - 1;
	return true;
}

static const char *name_of(const struct search *search, size_t index)
{
	return search->spec->services.items[index].name;
}

static int fail_cycle(const struct search *search, size_t again, struct error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	size_t start = search->depth;

	while (start > 0 && search->path[start - 1] != again)
		start--;
	for (size_t i = start > 0 ? start - 1 : 0; i < search->depth; i++)
		strbuf_addf(&text, "%s -> ", name_of(search, search->path[i]));
	strbuf_add_text(&text, name_of(search, again));
	return fail(err, ERR_INVALID_SPEC, "services.%s.depends: a cycle: %s", name_of(search, again),
		    strbuf_peek(&text));
}

/* Goes on a level deeper for each dependency: a spec of SPEC_TEXT_MAX could nest deeper than a stack, so the path
 * is ours and next[] says which dependency of each service on it comes next. */
static int step(struct search *search, size_t *next, struct error *err)
{
	size_t index = search->path[search->depth - 1], dependency;
	const struct spec_service *service = &search->spec->services.items[index];

	if (next[index] == service->depends.count) {
		search->marks[index] = PLACED;
		search->order.items[search->order.count++] = index;
		search->depth--;
		return 0;
	}
	if (!find_service(search, service->depends.items[next[index]].service, &dependency))
		return fail(err, ERR_INVALID_SPEC, "services.%s.depends[%zu]: there is no service `%s`", service->name,
			    next[index], service->depends.items[next[index]].service);
	next[index]++;
	if (search->marks[dependency] == ON_PATH)
		return fail_cycle(search, dependency, err);
	if (search->marks[dependency] == UNSEEN) {
		search->marks[dependency] = ON_PATH;
		search->path[search->depth++] = dependency;
	}
	return 0;
}

static int place(struct search *search, size_t *next, size_t index, struct error *err)
{
	if (search->marks[index] != UNSEEN)
		return 0;
	search->marks[index] = ON_PATH;
	search->path[search->depth++] = index;
	while (search->depth > 0)
		if (step(search, next, err) < 0)
			return -1;
	return 0;
}

static int place_all(struct search *search, size_t *next, const struct strv *selected, struct error *err)
{
	bool has_selection = selected && selected->count > 0;

	for (size_t i = 0; has_selection && i < selected->count; i++) {
		size_t ignored;

		if (!find_service(search, selected->items[i], &ignored))
			return fail(err, ERR_NOT_FOUND, "service %s: there is none in the spec", selected->items[i]);
	}
	for (size_t i = 0; i < search->spec->services.count; i++)
		if ((!has_selection || strv_contains(selected, name_of(search, i))) && place(search, next, i, err) < 0)
			return -1;
	return 0;
}

static int index_services(struct search *search)
{
	for (size_t i = 0; i < search->spec->services.count; i++)
		if (hashmap_put(&search->indices, name_of(search, i), (void *)(i + 1)) == -ENOMEM)
			return -ENOMEM;
	return 0;
}

int service_order_make(const struct spec_deployment *spec, const struct strv *selected, struct service_order *ret,
		       struct error *err)
{
	size_t n = spec->services.count + 1;
	autofree enum mark *marks = calloc(n, sizeof(*marks));
	autofree size_t *path = calloc(n, sizeof(*path)), *next = calloc(n, sizeof(*next));
	AUTO_DONE(service_order) order = { .items = calloc(n, sizeof(*order.items)) };
	struct search search = { .spec = spec, .marks = marks, .path = path, .order = order };
	int r;

	if (!marks || !path || !next || !order.items || index_services(&search) < 0)
		r = fail_oom(err);
	else
		r = place_all(&search, next, selected, err);
	hashmap_done(&search.indices);
	if (r < 0)
		return -1;
	*ret = search.order;
	order.items = NULL;
	return 0;
}

/* ---- conditions ---- */

static enum dependency_verdict check_success(const struct service_view *view)
{
	if (view->succeeded == view->wanted)
		return DEPENDENCY_MET;
	return view->ended > view->succeeded ? DEPENDENCY_HOPELESS : DEPENDENCY_PENDING;
}

static enum dependency_verdict check_health(const struct service_view *view)
{
	if (view->healthy == view->wanted)
		return DEPENDENCY_MET;
	return view->ended > 0 ? DEPENDENCY_HOPELESS : DEPENDENCY_PENDING;
}

enum dependency_verdict dependency_check(enum spec_condition condition, const struct service_view *view)
{
	switch (condition) {
	case SPEC_CONDITION_STARTED:
		return view->started == view->wanted ? DEPENDENCY_MET : DEPENDENCY_PENDING;
	case SPEC_CONDITION_HEALTHY:
	case SPEC_CONDITION_READY:
	case SPEC_CONDITION_UNSET:
		break;
	}
	return view->is_job ? check_success(view) : check_health(view);
}

const char *dependency_goal(enum spec_condition condition, bool is_job)
{
	if (condition == SPEC_CONDITION_STARTED)
		return "has started";
	return is_job ? "has ended with 0" : "is healthy";
}
