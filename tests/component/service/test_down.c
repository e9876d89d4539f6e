/* test_down.c - a deployment is taken down: dependents first, whatever state each container is in. */
#include "world.h"

#include <string.h>

#include "base/clock.h"

#define GRACEFUL "trap 'exit 0' TERM; sleep infinity"
#define SLOW "trap '' TERM; sleep infinity"

static const char two[] = HEAD SERVICE("web", GRACEFUL, DEPENDS("db")) SERVICE("db", SLOW, "");

static void dependents_are_removed_before_what_they_depend_on(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, two, WORLD_DETACHED), 0);
	assert_int_equal(world_down(w, "demo"), 0);
	assert_story(w, "0 stopping demo.web.1; 0 removed demo.web.1; 0 stopping demo.db.1; 10 removed demo.db.1");
	assert_string_equal(world_status(w, "demo.web.1"), "");
}

static void containers_that_have_ended_or_never_ran_go_too(void **state)
{
	struct world *w = *state;

	fake_fail_call(w->rt, FAKE_START, 2, ERR_START_FAILED);
	assert_int_equal(world_up(w, HEAD SERVICE("a", "true", "") SERVICE("b", "true", ""), WORLD_DETACHED), -1);
	assert_int_equal(world_down(w, "demo"), 0);
	assert_story(w, "0 removed demo.b.1; 0 removed demo.a.1");
}

static void a_deployment_that_has_nothing_is_down(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_down(w, "nothing"), 0);
	assert_story(w, "");
}

static void one_that_cannot_be_removed_does_not_keep_the_others(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, two, WORLD_DETACHED), 0);
	fake_fail_call(w->rt, FAKE_REMOVE, 1, ERR_INTERNAL);
	assert_int_equal(world_down(w, "demo"), -1);
	assert_told(w, "failed demo.web.1");
	assert_told(w, "removed demo.db.1");
	assert_int_equal(world_down(w, "demo"), 0);
	assert_told(w, "removed demo.web.1");
}

static void an_interrupt_of_down_kills(void **state)
{
	struct manager_options options;
	struct down_options down = { .deployment = "demo", .grace_ms = GRACE_UNSET };
	struct world *w = *state;
	uint64_t before;

	assert_int_equal(world_up(w, HEAD SERVICE("a", SLOW, DEPENDS("b")) SERVICE("b", SLOW, ""), WORLD_DETACHED), 0);
	world_drop_manager(w);
	before = virtual_clock_now_ns(w->clock);
	options = (struct manager_options){ .runtime = w->rt, .clock = w->clock };
	w->manager = manager_down(&options, &down, NULL);
	manager_stop(w->manager);
	assert_int_equal(manager_run(w->manager, NULL), 0);
	assert_int_equal(virtual_clock_now_ns(w->clock), before);
	assert_string_equal(world_status(w, "demo.b.1"), "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(dependents_are_removed_before_what_they_depend_on),
		CASE(containers_that_have_ended_or_never_ran_go_too),
		CASE(a_deployment_that_has_nothing_is_down),
		CASE(one_that_cannot_be_removed_does_not_keep_the_others),
		CASE(an_interrupt_of_down_kills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
