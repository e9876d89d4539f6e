/* test_health.c - services that wait until others are healthy, by checks that the fake containers answer. */
#include "world.h"

#include <string.h>

#include "base/clock.h"

/* `alive N` is good once the container has run N seconds. */

static void a_dependent_starts_soon_after_the_first_good_check(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "true", DEPENDS("db")) SERVICE("db", "sleep 30", HEALTH("alive 0.3")),
			 0),
		0);
	assert_before(w, "0.3 healthy demo.db.1", "0.3 started demo.web.1");
	assert_told(w, "waiting web (until db is healthy)");
}

static void a_check_that_comes_good_within_the_grace_is_never_unhealthy(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 30", HEALTH("alive 4")), 0), 0);
	assert_not_told(w, "unhealthy");
	assert_told(w, "healthy demo.db.1");
}

static void retries_failures_after_the_grace_are_unhealthy_and_say_why(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 60", HEALTH("exit 4")), 0), 0);
	assert_told(w, "unhealthy demo.db.1 (`exit 4` ended with 4)");
}

static void one_that_recovers_is_healthy_again(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 120", HEALTH("alive 50")), 0), 0);
	assert_before(w, "unhealthy demo.db.1", " healthy demo.db.1");
}

static void a_check_that_hangs_is_killed_and_counts_as_failed(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 100", HEALTH("sleep infinity")), 0), 0);
	assert_told(w, "unhealthy demo.db.1 (no result within 5000 ms)");
}

static void detached_up_returns_once_it_is_healthy(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 100", HEALTH("alive 2")), WORLD_DETACHED), 0);
	assert_told(w, "healthy demo.db.1");
	assert_true(virtual_clock_now_ns(w->clock) - w->begin_ns < 4 * NSEC_PER_SEC);
}

static void detached_up_fails_for_what_gets_unhealthy_and_leaves_it_running(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 1000", HEALTH("exit 4")), WORLD_DETACHED), -1);
	assert_int_equal(w->error.kind, ERR_HEALTH_CHECK_FAILED);
	assert_string_equal(w->error.msg, "demo.db.1 is unhealthy: `exit 4` ended with 4");
	assert_string_equal(world_status(w, "demo.db.1"), "running");
}

static void detached_up_fails_for_what_ends_before_it_was_healthy(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("db", "sleep 1; exit 3", HEALTH("alive 2")), WORLD_DETACHED), -1);
	assert_string_equal(w->error.msg, "demo.db.1 ended with 3 before it was healthy");
}

static void one_that_was_taken_over_is_checked_at_once(void **state)
{
	static const char text[] = HEAD SERVICE("db", "sleep 100", HEALTH("alive 1"));
	struct world *w = *state;

	assert_int_equal(world_up(w, text, WORLD_DETACHED), 0);
	assert_int_equal(world_up(w, text, WORLD_DETACHED), 0);
	assert_story(w, "0 adopted demo.db.1; 0 healthy demo.db.1");
}

/* ---- when the condition does not come true ---- */

static void after_its_timeout_a_dependency_fails_the_deployment(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w,
				  HEAD SERVICE("web", "true", DEPENDS_WITH("db", "timeout: 7s"))
					  SERVICE("db", "sleep 1000", HEALTH("exit 1")),
				  0),
			 -1);
	assert_int_equal(w->error.kind, ERR_DEPENDENCY_TIMEOUT);
	assert_string_equal(w->error.msg, "service web: waited 7 s until db is healthy, in vain");
	assert_told(w, "7 failed web");
	assert_told(w, "exited demo.db.1 143");
}

static void the_timeout_is_300_s_when_none_is_said(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "true", DEPENDS("db")) SERVICE("db", "sleep 1000", HEALTH("exit 1")),
			 0),
		-1);
	assert_told(w, "300 failed web");
}

static void on_timeout_warn_goes_on_and_says_so_continue_says_nothing(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w,
			 HEAD SERVICE("web", "true", DEPENDS_WITH("db", "timeout: 2s, on_timeout: warn"))
				 SERVICE("app", "true", DEPENDS_WITH("db", "timeout: 3s, on_timeout: continue"))
					 SERVICE("db", "sleep 10", HEALTH("exit 1")),
			 0),
		0);
	assert_told(w, "2 warning web (goes on without: service web: waited 2 s until db is healthy, in vain)");
	assert_told(w, "2 started demo.web.1");
	assert_told(w, "3 started demo.app.1");
	assert_not_told(w, "warning app");
}

static void a_timeout_of_0_still_looks_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "true", DEPENDS_WITH("db", "timeout: 0s")) SERVICE("db", "sleep 3", ""),
			 0),
		0);
}

static void a_job_that_fails_fails_its_dependents_at_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "true", DEPENDS("migrate")) JOB("migrate", "sleep 1; exit 3", ""), 0),
		-1);
	assert_int_equal(w->error.kind, ERR_UNEXPECTED_EXIT);
	assert_string_equal(w->error.msg,
			    "service web: waits until migrate has ended with 0, but demo.migrate.1 ended with 3");
	assert_told(w, "1 failed web");
}

static void a_service_that_ends_will_not_become_healthy_any_more(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w,
				  HEAD SERVICE("web", "true", DEPENDS("db"))
					  SERVICE("db", "sleep 1; exit 5", HEALTH("exit 1")),
				  0),
			 -1);
	assert_told(w, "1 failed web");
	assert_string_equal(w->error.msg, "service web: waits until db is healthy, but demo.db.1 ended with 5");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_dependent_starts_soon_after_the_first_good_check),
		CASE(a_check_that_comes_good_within_the_grace_is_never_unhealthy),
		CASE(retries_failures_after_the_grace_are_unhealthy_and_say_why),
		CASE(one_that_recovers_is_healthy_again),
		CASE(a_check_that_hangs_is_killed_and_counts_as_failed),
		CASE(detached_up_returns_once_it_is_healthy),
		CASE(detached_up_fails_for_what_gets_unhealthy_and_leaves_it_running),
		CASE(detached_up_fails_for_what_ends_before_it_was_healthy),
		CASE(one_that_was_taken_over_is_checked_at_once),
		CASE(after_its_timeout_a_dependency_fails_the_deployment),
		CASE(the_timeout_is_300_s_when_none_is_said),
		CASE(on_timeout_warn_goes_on_and_says_so_continue_says_nothing),
		CASE(a_timeout_of_0_still_looks_once),
		CASE(a_job_that_fails_fails_its_dependents_at_once),
		CASE(a_service_that_ends_will_not_become_healthy_any_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
