/* test_failure.c - what happens when a call of the runtime fails: nothing more is begun, in the foreground all is
 * stopped. */
#include "world.h"

#include <string.h>

#include "base/clock.h"

#define GRACEFUL "trap 'exit 0' TERM; sleep infinity"

static const char three[] = HEAD SERVICE("proxy", GRACEFUL, DEPENDS("web")) SERVICE("web", GRACEFUL, DEPENDS("db"))
	SERVICE("db", GRACEFUL, "");

static const struct {
	enum fake_call call;
	enum error_kind kind;
} calls[] = {
	{ FAKE_CREATE, ERR_CREATE_FAILED },
	{ FAKE_START, ERR_START_FAILED },
};

static void in_the_foreground_a_failure_of_any_create_or_start_leaves_nothing_running(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		for (unsigned nth = 1; nth <= 3; nth++) {
			fake_fail_call(w->rt, calls[i].call, nth, calls[i].kind);
			assert_int_equal(world_up(w, three, 0), -1);
			assert_int_equal(w->error.kind, calls[i].kind);
			assert_int_equal(world_count(w, CONTAINER_RUNNING), 0);
			assert_int_equal(world_down(w, "demo"), 0);
		}
}

static void detached_what_ran_goes_on_and_the_next_up_begins_there(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		for (unsigned nth = 1; nth <= 3; nth++) {
			fake_fail_call(w->rt, calls[i].call, nth, calls[i].kind);
			assert_int_equal(world_up(w, three, WORLD_DETACHED), -1);
			assert_int_equal(world_count(w, CONTAINER_RUNNING), nth - 1);
			assert_int_equal(world_up(w, three, WORLD_DETACHED), 0);
			assert_int_equal(world_count(w, CONTAINER_RUNNING), 3);
			assert_int_equal(world_down(w, "demo"), 0);
		}
}

static void the_error_says_what_was_done_to_which_container(void **state)
{
	struct world *w = *state;

	fake_fail_call(w->rt, FAKE_START, 1, ERR_START_FAILED);
	assert_int_equal(world_up(w, HEAD SERVICE("web", "true", ""), 0), -1);
	assert_string_equal(w->error.msg, "start demo.web.1: made to fail");
	assert_told(w, "failed demo.web.1 (start demo.web.1: made to fail)");
}

static void a_program_that_is_not_there_is_told_by_its_kind(void **state)
{
	static const char text[] = HEAD "  web:\n    image: {name: busybox}\n    network_mode: none\n"
					"    scale: {mode: fixed, replicas: 1}\n    command: {args: [/bin/nothing]}\n";
	struct world *w = *state;

	assert_int_equal(world_up(w, text, 0), -1);
	assert_int_equal(w->error.kind, ERR_COMMAND_NOT_FOUND);
}

static void what_is_under_way_ends_before_up_does(void **state)
{
	struct world *w = *state;

	fake_delay_call(w->rt, FAKE_START, 5000);
	fake_fail_call(w->rt, FAKE_CREATE, 2, ERR_CREATE_FAILED);
	assert_int_equal(world_up(w, HEAD SERVICE("a", GRACEFUL, "") SERVICE("b", GRACEFUL, ""), WORLD_DETACHED), -1);
	assert_told(w, "0 failed demo.b.1");
	assert_told(w, "5 started demo.a.1");
	assert_string_equal(world_status(w, "demo.a.1"), "running");
}

static void a_list_that_fails_begins_nothing(void **state)
{
	struct world *w = *state;

	fake_fail_call(w->rt, FAKE_LIST, 1, ERR_INTERNAL);
	assert_int_equal(world_up(w, three, 0), -1);
	assert_string_equal(w->error.msg, "list containers: made to fail");
	assert_story(w, "");
}

static void a_manager_that_is_dropped_anywhere_leaves_what_the_next_up_completes(void **state)
{
	struct world *w = *state;

	for (unsigned steps = 0; steps < 12; steps++) {
		fake_delay_call(w->rt, FAKE_CREATE, 100);
		fake_delay_call(w->rt, FAKE_START, 100);
		assert_non_null(world_begin_up(w, three, NULL, 0));
		virtual_clock_sleep(w->clock, w->begin_ns + steps * 50 * NSEC_PER_MSEC);
		world_drop_manager(w);
		assert_int_equal(world_up(w, three, WORLD_DETACHED), 0);
		assert_int_equal(world_count(w, CONTAINER_RUNNING), 3);
		assert_int_equal(world_down(w, "demo"), 0);
	}
}

static void stop_at_once(struct world *w, const struct manager_event *event)
{
	if (event->type == MANAGER_STARTED)
		world_stop(w);
}

static void a_stop_that_fails_is_said_and_does_not_hang(void **state)
{
	struct world *w = *state;

	w->on_event = stop_at_once;
	fake_fail_call(w->rt, FAKE_STOP, 1, ERR_INTERNAL);
	assert_int_equal(world_up(w, HEAD SERVICE("a", GRACEFUL, ""), 0), -1);
	assert_string_equal(w->error.msg, "stop demo.a.1: made to fail");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(in_the_foreground_a_failure_of_any_create_or_start_leaves_nothing_running),
		CASE(detached_what_ran_goes_on_and_the_next_up_begins_there),
		CASE(the_error_says_what_was_done_to_which_container),
		CASE(a_program_that_is_not_there_is_told_by_its_kind),
		CASE(what_is_under_way_ends_before_up_does),
		CASE(a_list_that_fails_begins_nothing),
		CASE(a_manager_that_is_dropped_anywhere_leaves_what_the_next_up_completes),
		CASE(a_stop_that_fails_is_said_and_does_not_hang),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
