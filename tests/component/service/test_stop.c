/* test_stop.c - the first interrupt stops in reverse order, the second kills. */
#include "world.h"

#include <signal.h>
#include <string.h>

#include "base/clock.h"

/* Interrupts when the story has come to a line that holds this, and again after the second one. */
static const char *interrupt_at, *interrupt_again_at;

static void interrupt(struct world *w, const struct manager_event *event)
{
	const char *last = strbuf_peek(&w->story) + w->story.len - 1;

	(void)event;
	while (last > strbuf_peek(&w->story) && last[-1] != '\n')
		last--;
	if (interrupt_at && strstr(last, interrupt_at)) {
		interrupt_at = NULL;
		world_stop(w);
	} else if (!interrupt_at && interrupt_again_at && strstr(last, interrupt_again_at)) {
		interrupt_again_at = NULL;
		world_stop(w);
	}
}

static int up_interrupted(struct world *w, const char *text, const char *at, const char *again_at)
{
	interrupt_at = at;
	interrupt_again_at = again_at;
	w->on_event = interrupt;
	return world_up(w, text, 0);
}

#define GRACEFUL "trap 'exit 0' TERM; sleep infinity"
#define SLOW "trap '' TERM; sleep infinity"

static const char three[] = HEAD SERVICE("proxy", GRACEFUL, DEPENDS("web")) SERVICE("web", GRACEFUL, DEPENDS("db"))
	SERVICE("db", GRACEFUL, "");

static void an_interrupt_stops_dependents_before_what_they_depend_on(void **state)
{
	struct world *w = *state;

	assert_int_equal(up_interrupted(w, three, "started demo.proxy.1", NULL), 0);
	assert_before(w, "exited demo.proxy.1 0", "stopping demo.web.1");
	assert_before(w, "exited demo.web.1 0", "stopping demo.db.1");
	assert_told(w, "exited demo.db.1 0");
}

static void services_that_do_not_meet_stop_side_by_side(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		up_interrupted(w, HEAD SERVICE("a", SLOW, "") SERVICE("b", SLOW, ""), "started demo.b.1", NULL), 137);
	assert_told(w, "10 exited demo.a.1 137");
	assert_told(w, "10 exited demo.b.1 137");
}

static void the_second_interrupt_kills_at_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(up_interrupted(w, HEAD SERVICE("web", SLOW, DEPENDS("db")) SERVICE("db", SLOW, ""),
					"started demo.web.1", "stopping demo.web.1"),
			 137);
	assert_told(w, "0 exited demo.web.1 137");
	assert_told(w, "0 exited demo.db.1 137");
}

static void the_services_own_signal_and_grace_are_used(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		up_interrupted(w,
			       HEAD SERVICE("a", "trap 'exit 4' USR1; sleep infinity", "    stop_signal: SIGUSR1\n")
				       SERVICE("b", SLOW, "    stop_grace_period: 2500ms\n"),
			       "started demo.b.1", NULL),
		4);
	assert_told(w, "2.5 exited demo.b.1 137");
}

static void stop_after_a_second(void *data)
{
	struct world *w = data;

	virtual_clock_sleep(w->clock, w->begin_ns + NSEC_PER_SEC);
	world_stop(w);
}

static void what_is_being_started_is_stopped_when_it_has_started(void **state)
{
	struct world *w = *state;

	fake_delay_call(w->rt, FAKE_START, 3000);
	assert_non_null(world_begin_up(w, three, NULL, 0));
	assert_int_equal(virtual_clock_start(w->clock, stop_after_a_second, w), 0);
	assert_int_equal(world_finish(w), 0);
	assert_before(w, "3 started demo.db.1", "3 stopping demo.db.1");
	assert_not_told(w, "created demo.web.1");
	assert_int_equal(world_count(w, CONTAINER_RUNNING), 0);
}

static void an_interrupt_while_it_waits_ends_the_wait(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		up_interrupted(w, HEAD SERVICE("web", "true", DEPENDS("db")) SERVICE("db", GRACEFUL, HEALTH("exit 1")),
			       "waiting web", NULL),
		0);
	assert_not_told(w, "failed");
	assert_not_told(w, "demo.web.1");
}

static void what_was_taken_over_is_stopped_too(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", GRACEFUL, ""), WORLD_DETACHED), 0);
	assert_int_equal(up_interrupted(w, HEAD SERVICE("web", GRACEFUL, ""), "adopted demo.web.1", NULL), 0);
	assert_told(w, "exited demo.web.1 0");
}

static void a_container_that_is_being_replaced_has_its_grace_until_the_second_interrupt(void **state)
{
	static const char before[] = HEAD SERVICE("web", SLOW, "");
	static const char after[] = HEAD SERVICE("web", SLOW, "    env: {A: '1'}\n") SERVICE("b", SLOW, "");
	struct world *w = *state;

	assert_int_equal(world_up(w, before, WORLD_DETACHED), 0);
	assert_int_equal(up_interrupted(w, after, "stopping demo.web.1", NULL), 0);
	assert_told(w, "10 removed demo.web.1");
	assert_not_told(w, "started demo.web.1");

	assert_int_equal(world_up(w, before, WORLD_DETACHED), 0);
	assert_int_equal(up_interrupted(w, after, "started demo.b.1", "stopping demo.b.1"), 137);
	assert_told(w, "0 removed demo.web.1");
}

static void a_stop_from_a_signal_handler_is_fine(void **state)
{
	struct world *w = *state;

	assert_non_null(world_begin_up(w, three, NULL, 0));
	manager_stop(w->manager);
	manager_stop(w->manager);
	assert_int_equal(world_finish(w), 0);
	assert_int_equal(world_count(w, CONTAINER_RUNNING), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(an_interrupt_stops_dependents_before_what_they_depend_on),
		CASE(services_that_do_not_meet_stop_side_by_side),
		CASE(the_second_interrupt_kills_at_once),
		CASE(the_services_own_signal_and_grace_are_used),
		CASE(what_is_being_started_is_stopped_when_it_has_started),
		CASE(an_interrupt_while_it_waits_ends_the_wait),
		CASE(what_was_taken_over_is_stopped_too),
		CASE(a_container_that_is_being_replaced_has_its_grace_until_the_second_interrupt),
		CASE(a_stop_from_a_signal_handler_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
