/* world.c - a node for tests of the manager. */
#include "world.h"

#include <string.h>

#include "base/clock.h"
#include "support/spec_text.h"

#define BEGIN_NS (1000 * NSEC_PER_SEC)

int world_set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		return -1;
	w->clock = virtual_clock_new(BEGIN_NS);
	w->rt = fake_runtime_new(w->clock, NULL);
	*state = w;
	return w->rt ? 0 : -1;
}

int world_tear_down(void **state)
{
	struct world *w = *state;

	world_drop_manager(w);
	runtime_free(w->rt);
	virtual_clock_free(w->clock);
	strv_done(&w->environment);
	strbuf_done(&w->story);
	free(w);
	return 0;
}

static void add_time(struct world *w)
{
	uint64_t ms = (virtual_clock_now_ns(w->clock) - w->begin_ns) / NSEC_PER_MSEC;

	strbuf_addf(&w->story, "%g ", (double)ms / 1000);
}

static void tell(void *data, const struct manager_event *event)
{
	struct world *w = data;
	const char *subject = event->container_name ? event->container_name : event->service;

	add_time(w);
	strbuf_addf(&w->story, "%s", manager_event_name(event->type));
	if (subject)
		strbuf_addf(&w->story, " %s", subject);
	if (event->exit && event->exit->is_known)
		strbuf_addf(&w->story, " %d", event->exit->code);
	else if (event->exit)
		strbuf_add_text(&w->story, " unknown");
	if (event->message && event->type != MANAGER_EXITED)
		strbuf_addf(&w->story, " (%s)", event->message);
	strbuf_add_char(&w->story, '\n');
	w->events++;
	if (w->on_event)
		w->on_event(w, event);
}

void world_drop_manager(struct world *w)
{
	manager_free(w->manager);
	w->manager = NULL;
	spec_deployment_free(w->spec);
	w->spec = NULL;
}

static struct manager_options begin(struct world *w)
{
	world_drop_manager(w);
	strbuf_reset(&w->story);
	w->error = (struct error){ 0 };
	w->begin_ns = virtual_clock_now_ns(w->clock);
	w->events = 0;
	return (struct manager_options){ .runtime = w->rt, .clock = w->clock, .on_event = tell, .data = w };
}

static void split_words(const char *text, struct strv *ret)
{
	while (text && *text) {
		size_t len = strcspn(text, " ");

		strv_add_len(ret, text, len);
		text += len + (text[len] == ' ');
	}
}

struct manager *world_begin_up(struct world *w, const char *spec, const char *services, unsigned flags)
{
	struct manager_options options = begin(w);
	AUTO_DONE(strv) selected = { 0 };
	struct up_options up = { .services = &selected,
				 .is_detached = flags & WORLD_DETACHED,
				 .environment = &w->environment };

	split_words(services, &selected);
	up.spec = w->spec = spec_from_text(spec);
	w->manager = manager_up(&options, &up, &w->error);
	if (w->manager && w->wants_stop)
		manager_stop(w->manager);
	w->wants_stop = false;
	return w->manager;
}

void world_stop(struct world *w)
{
	if (w->manager)
		manager_stop(w->manager);
	else
		w->wants_stop = true;
}

int world_finish(struct world *w)
{
	return manager_run(w->manager, &w->error) < 0 ? -1 : manager_exit_status(w->manager);
}

int world_up(struct world *w, const char *spec, unsigned flags)
{
	return world_begin_up(w, spec, NULL, flags) ? world_finish(w) : -1;
}

int world_down(struct world *w, const char *deployment)
{
	struct manager_options options = begin(w);
	struct down_options down = { .deployment = deployment, .has_volumes = true, .grace_ms = GRACE_UNSET };

	w->manager = manager_down(&options, &down, &w->error);
	return w->manager ? manager_run(w->manager, &w->error) : -1;
}

void assert_story(struct world *w, const char *lines)
{
	AUTO_DONE(strbuf) joined = { 0 };
	const char *story = strbuf_peek(&w->story);

	strbuf_add_text(&joined, "");
	for (size_t at = 0, len; story[at]; at += len + 1) { /* each line has its end */
		len = strcspn(story + at, "\n");
		strbuf_addf(&joined, "%s%.*s", at > 0 ? "; " : "", (int)len, story + at);
	}
	assert_string_equal(strbuf_peek(&joined), lines);
}

static const char *find(struct world *w, const char *part)
{
	const char *at = strstr(strbuf_peek(&w->story), part);

	if (!at)
		print_error("no `%s` in the story:\n%s", part, strbuf_peek(&w->story));
	assert_non_null(at);
	return at;
}

void assert_before(struct world *w, const char *first, const char *second)
{
	bool is_before = find(w, first) < find(w, second);

	if (!is_before)
		print_error("`%s` is not before `%s`:\n%s", first, second, strbuf_peek(&w->story));
	assert_true(is_before);
}

void assert_told(struct world *w, const char *part)
{
	find(w, part);
}

void assert_not_told(struct world *w, const char *part)
{
	assert_null(strstr(strbuf_peek(&w->story), part));
}

const char *world_status(struct world *w, const char *name)
{
	AUTO_DONE(container_list) list = { 0 };

	assert_int_equal(runtime_list(w->rt, &list, NULL), 0);
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(list.items[i]->name, name) == 0)
			return container_status_name(list.items[i]->status);
	return "";
}

unsigned world_count(struct world *w, enum container_status status)
{
	AUTO_DONE(container_list) list = { 0 };
	unsigned count = 0;

	assert_int_equal(runtime_list(w->rt, &list, NULL), 0);
	for (size_t i = 0; i < list.count; i++)
		count += list.items[i]->status == status;
	return count;
}
