/* test_up.c - a deployment comes up: order, conditions, what is taken over and what is made anew. */
#include "world.h"

#include <string.h>

#include "base/clock.h"

static void services_start_in_the_order_of_their_dependencies(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", "sleep 5", DEPENDS("db")) SERVICE("db", "sleep 5", ""), 0), 0);
	assert_story(w, "0 created demo.db.1; 0 started demo.db.1; "
			"0 created demo.web.1; 0 started demo.web.1; 5 exited demo.db.1 0; 5 exited demo.web.1 0");
}

static void a_job_that_others_wait_for_ends_with_0_before_they_start(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "sleep 1", DEPENDS("migrate")) JOB("migrate", "sleep 2.5", ""), 0), 0);
	assert_before(w, "2.5 exited demo.migrate.1 0", "2.5 started demo.web.1");
}

static void the_condition_started_does_not_wait_for_the_end_of_a_job(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w,
				  HEAD SERVICE("web", "sleep 1", DEPENDS_WITH("migrate", "condition: started"))
					  JOB("migrate", "sleep 9", ""),
				  0),
			 0);
	assert_told(w, "0 started demo.web.1");
}

static void replicas_of_a_service_start_side_by_side(void **state)
{
	struct world *w = *state;

	fake_delay_call(w->rt, FAKE_START, 1000);
	assert_int_equal(world_up(w,
				  HEAD "  web:\n    image: {name: busybox}\n    scale: {mode: fixed, replicas: 3}\n"
				       "    network_mode: none\n    command: {args: [sleep, '5']}\n",
				  0),
			 0);
	assert_told(w, "1 started demo.web.1");
	assert_told(w, "1 started demo.web.3");
}

static void a_dependency_means_all_of_its_replicas(void **state)
{
	struct world *w = *state;

	fake_delay_call(w->rt, FAKE_CREATE, 500);
	assert_int_equal(world_up(w,
				  HEAD "  db:\n    image: {name: busybox}\n    scale: {mode: fixed, replicas: 2}\n"
				       "    network_mode: none\n    command: {args: [sleep, '5']}\n" SERVICE(
					       "web", "true", DEPENDS("db")),
				  0),
			 0);
	assert_before(w, "started demo.db.1", "created demo.web.1");
	assert_before(w, "started demo.db.2", "created demo.web.1");
}

static void up_ends_with_the_first_status_that_is_not_0_in_the_order_of_the_file(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w,
				  HEAD SERVICE("a", "sleep 3; exit 7", DEPENDS("c")) SERVICE("b", "exit 9", "")
					  SERVICE("c", "sleep 9", ""),
				  0),
			 7);
	world_down(w, "demo");
	assert_int_equal(world_up(w, HEAD SERVICE("a", "true", "") SERVICE("b", "kill -9 $$", ""), 0), 137);
}

static void detached_up_returns_when_all_runs_and_leaves_it(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", "sleep 100", "") JOB("once", "sleep 50", ""), WORLD_DETACHED),
			 0);
	world_drop_manager(w);
	assert_string_equal(world_status(w, "demo.web.1"), "running");
	assert_string_equal(world_status(w, "demo.once.1"), "running");
	virtual_clock_sleep(w->clock, w->begin_ns + 60 * NSEC_PER_SEC);
	assert_string_equal(world_status(w, "demo.web.1"), "running");
	assert_string_equal(world_status(w, "demo.once.1"), "exited");
}

static void up_again_takes_over_what_runs_and_never_reruns_a_job_that_ended_with_0(void **state)
{
	static const char text[] = HEAD SERVICE("web", "sleep 100", DEPENDS("once")) JOB("once", "true", "");
	struct world *w = *state;

	assert_int_equal(world_up(w, text, WORLD_DETACHED), 0);
	fake_forget_calls(w->rt);
	assert_int_equal(world_up(w, text, WORLD_DETACHED), 0);
	assert_story(w, "0 adopted demo.web.1");
	assert_int_equal(fake_calls(w->rt)->count, 1);
	assert_string_equal(fake_calls(w->rt)->items[0], "list ");
}

static void in_the_foreground_what_was_taken_over_is_waited_for(void **state)
{
	static const char text[] = HEAD SERVICE("web", "sleep 100; exit 3", "");
	struct world *w = *state;

	assert_int_equal(world_up(w, text, WORLD_DETACHED), 0);
	virtual_clock_sleep(w->clock, w->begin_ns + 40 * NSEC_PER_SEC);
	assert_int_equal(world_up(w, text, 0), 3);
	assert_story(w, "0 adopted demo.web.1; 60 exited demo.web.1 3");
}

static void a_failed_job_and_a_crashed_service_run_again_with_the_next_up(void **state)
{
	static const char text[] = HEAD SERVICE("web", "exit 1", "") JOB("once", "exit 2", "");
	struct world *w = *state;

	assert_int_equal(world_up(w, text, 0), 1);
	assert_int_equal(world_up(w, text, 0), 1);
	assert_story(w, "0 started demo.web.1; 0 started demo.once.1; 0 exited demo.web.1 1; 0 exited demo.once.1 2");
}

static void what_changed_in_the_spec_is_made_anew_and_nothing_else(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "sleep 100", "") SERVICE("db", "sleep 100", ""), WORLD_DETACHED), 0);
	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "sleep 100", "    env: {NEW: '1'}\n") SERVICE("db", "sleep 100", ""),
			 WORLD_DETACHED),
		0);
	assert_told(w, "removed demo.web.1 (its config has changed)");
	assert_told(w, "started demo.web.1");
	assert_told(w, "adopted demo.db.1");
	assert_not_told(w, "started demo.db.1");
}

static void a_service_that_is_gone_from_the_spec_is_removed(void **state)
{
	struct world *w = *state;

	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "sleep 100", "") SERVICE("old", "sleep 100", ""), WORLD_DETACHED), 0);
	assert_int_equal(world_up(w, HEAD SERVICE("web", "sleep 100", ""), WORLD_DETACHED), 0);
	assert_told(w, "stopping demo.old.1");
	assert_told(w, "removed demo.old.1 (the spec has no such service)");
	assert_string_equal(world_status(w, "demo.old.1"), "");
}

static void some_services_bring_what_they_depend_on_and_leave_the_rest(void **state)
{
	static const char text[] = HEAD SERVICE("web", "sleep 100", DEPENDS("db")) SERVICE("db", "sleep 100", "")
		SERVICE("other", "sleep 100", "");
	struct world *w = *state;

	assert_non_null(world_begin_up(w, text, "web", WORLD_DETACHED));
	assert_int_equal(world_finish(w), 0);
	assert_string_equal(world_status(w, "demo.db.1"), "running");
	assert_string_equal(world_status(w, "demo.web.1"), "running");
	assert_string_equal(world_status(w, "demo.other.1"), "");
	assert_null(world_begin_up(w, text, "nothing", WORLD_DETACHED));
	assert_int_equal(w->error.kind, ERR_NOT_FOUND);
}

static void two_deployments_with_the_same_services_do_not_meet(void **state)
{
	static const char other[] = "version: v1\ndeployment: second\nservices:\n" SERVICE("web", "sleep 100", "");
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", "sleep 100", ""), WORLD_DETACHED), 0);
	assert_int_equal(world_up(w, other, WORLD_DETACHED), 0);
	assert_told(w, "created second.web.1");
	assert_string_equal(world_status(w, "demo.web.1"), "running");
	assert_int_equal(world_down(w, "second"), 0);
	assert_string_equal(world_status(w, "demo.web.1"), "running");
	assert_string_equal(world_status(w, "second.web.1"), "");
}

static void a_variable_that_is_missing_stops_everything_before_it_begins(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", "true", "    env: {A: '$E:NOT_SET_ANYWHERE'}\n"), 0), -1);
	assert_int_equal(w->error.kind, ERR_CONFIGURATION);
	assert_non_null(strstr(w->error.msg, "services.web.env.A"));
	assert_non_null(strstr(w->error.msg, "NOT_SET_ANYWHERE"));
	assert_int_equal(fake_calls(w->rt)->count, 0);
}

static int resolve(const struct secret_source *source, const char *deployment, const char *reference,
		   struct secret_value *ret, struct error *err)
{
	(void)source;
	if (strcmp(reference, "$S:token") != 0)
		return fail(err, ERR_NOT_FOUND, "secret %s: there is none", reference);
	ret->bytes = strdup(deployment);
	ret->len = strlen(deployment);
	return 0;
}

static const struct secret_source secrets = { resolve };

static void secrets_reach_the_container_and_a_missing_one_stops_everything(void **state)
{
	struct world *w = *state;
	char id[ID_HEX_SIZE];
	AUTO(container_info) info = NULL;

	w->rt->secrets = &secrets;
	assert_int_equal(
		world_up(w, HEAD SERVICE("web", "true", "") SERVICE("app", "true", "    env: {T: '$S:nothing'}\n"), 0),
		-1);
	assert_int_equal(w->error.kind, ERR_NOT_FOUND);
	assert_string_equal(w->error.msg, "services.app.env.T: secret $S:nothing: there is none");
	assert_int_equal(world_count(w, CONTAINER_PENDING) + world_count(w, CONTAINER_EXITED), 0);

	assert_int_equal(world_up(w, HEAD SERVICE("web", "echo $T; sleep 1", "    env: {T: '$S:token'}\n"), 0), 0);
	assert_int_equal(runtime_find(w->rt, "web", id, NULL), 0);
	assert_int_equal(runtime_info(w->rt, id, &info, NULL), 0);
}

static void an_image_that_is_missing_stops_everything_before_anything_is_touched(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, HEAD SERVICE("web", "sleep 100", ""), WORLD_DETACHED), 0);
	fake_lose_image(w->rt, "nowhere");
	assert_int_equal(world_up(w,
				  HEAD SERVICE("web", "sleep 200", "") "  bad:\n    image: {name: nowhere}\n"
								       "    network_mode: none\n",
				  WORLD_DETACHED),
			 -1);
	assert_int_equal(w->error.kind, ERR_NOT_FOUND);
	assert_string_equal(w->error.msg, "image nowhere: there is none");
	assert_not_told(w, "stopping demo.web.1");
	assert_string_equal(world_status(w, "demo.web.1"), "running");
}

static void an_end_that_nobody_saw_is_no_success(void **state)
{
	struct world *w = *state;

	assert_non_null(world_begin_up(w, HEAD SERVICE("web", "sleep 100", ""), NULL, WORLD_DETACHED));
	assert_int_equal(world_finish(w), 0);
	world_drop_manager(w);
	assert_non_null(world_begin_up(w, HEAD SERVICE("web", "sleep 100", ""), NULL, 0));
	assert_int_equal(fake_lose_exit(w->rt, "demo.web.1"), 0);
	assert_int_equal(world_finish(w), 125);
	assert_told(w, "exited demo.web.1 unknown");
}

static void ready_counts_as_healthy_and_says_so_once(void **state)
{
	struct world *w = *state;
	const char *first;

	assert_int_equal(world_up(w,
				  HEAD SERVICE("a", "true", DEPENDS_WITH("c", "condition: ready"))
					  SERVICE("b", "true", DEPENDS_WITH("c", "condition: ready"))
						  SERVICE("c", "sleep 3", ""),
				  0),
			 0);
	first = strstr(strbuf_peek(&w->story), "`ready` counts as `healthy`");
	assert_non_null(first);
	assert_null(strstr(first + 1, "`ready` counts as `healthy`"));
}

static void nothing_to_run_is_done_at_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_up(w, "version: v1\ndeployment: demo\n", 0), 0);
	assert_int_equal(world_up(w, "version: v1\ndeployment: demo\n", WORLD_DETACHED), 0);
	assert_story(w, "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(services_start_in_the_order_of_their_dependencies),
		CASE(a_job_that_others_wait_for_ends_with_0_before_they_start),
		CASE(the_condition_started_does_not_wait_for_the_end_of_a_job),
		CASE(replicas_of_a_service_start_side_by_side),
		CASE(a_dependency_means_all_of_its_replicas),
		CASE(up_ends_with_the_first_status_that_is_not_0_in_the_order_of_the_file),
		CASE(detached_up_returns_when_all_runs_and_leaves_it),
		CASE(up_again_takes_over_what_runs_and_never_reruns_a_job_that_ended_with_0),
		CASE(in_the_foreground_what_was_taken_over_is_waited_for),
		CASE(a_failed_job_and_a_crashed_service_run_again_with_the_next_up),
		CASE(what_changed_in_the_spec_is_made_anew_and_nothing_else),
		CASE(a_service_that_is_gone_from_the_spec_is_removed),
		CASE(some_services_bring_what_they_depend_on_and_leave_the_rest),
		CASE(two_deployments_with_the_same_services_do_not_meet),
		CASE(a_variable_that_is_missing_stops_everything_before_it_begins),
		CASE(secrets_reach_the_container_and_a_missing_one_stops_everything),
		CASE(an_image_that_is_missing_stops_everything_before_anything_is_touched),
		CASE(an_end_that_nobody_saw_is_no_success),
		CASE(ready_counts_as_healthy_and_says_so_once),
		CASE(nothing_to_run_is_done_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
