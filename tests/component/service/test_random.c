/* test_random.c - any deployment, interrupted anywhere, with calls that fail and take their time: what holds all
 * the same. */
#include "world.h"

#include <signal.h>
#include <string.h>

#include "base/clock.h"

#define ROUNDS 300

static uint32_t random_state;

static unsigned draw(unsigned below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 16) % below;
}

static const char *const scripts[] = {
	"trap 'exit 0' TERM; sleep 100", "trap '' TERM; sleep 100", "sleep 3", "true", "sleep 1; exit 4",
};

/* Services depend on later ones only; some have a check, some are jobs. */
static char *random_spec(bool is_lasting)
{
	AUTO_DONE(strbuf) text = { 0 };
	unsigned n = 1 + draw(5);

	strbuf_add_text(&text, HEAD);
	for (unsigned i = 0; i < n; i++) {
		bool is_job = draw(4) == 0;

		strbuf_addf(&text, "  s%u:\n    image: {name: busybox}\n    network_mode: none\n%s", i,
			    is_job ? "    rtype: job\n" : "");
		strbuf_addf(&text, "    scale: {mode: fixed, replicas: %u}\n    env: {V: '%u'}\n", draw(3), draw(2));
		strbuf_addf(&text, "    command: {args: [sh, -c, \"%s\"]}\n",
			    is_job && is_lasting ? "sleep 1"
			    : is_lasting         ? scripts[draw(2)]
						 : scripts[draw(5)]);
		if (!is_job && draw(3) == 0)
			strbuf_addf(&text, "    health: {check: {type: command, command: \"alive %u\"}}\n", draw(3));
		strbuf_add_text(&text, "    depends: [");
		for (unsigned j = i + 1; j < n; j++)
			if (draw(3) == 0)
				strbuf_addf(&text, "{service: s%u, timeout: %us}, ", j, 5 + draw(20));
		strbuf_add_text(&text, "]\n");
	}
	return strbuf_take(&text);
}

static unsigned stop_at, kill_at; /* after so many events; 0: never */

static void interrupt(struct world *w, const struct manager_event *event)
{
	(void)event;
	if (w->events == stop_at || w->events == kill_at)
		world_stop(w);
}

static void shake_calls(struct world *w)
{
	for (unsigned call = 0; call < N_FAKE_CALLS; call++)
		fake_delay_call(w->rt, (enum fake_call)call, call == FAKE_LIST ? 0 : draw(3) * 400);
	fake_fail_call(w->rt, draw(2) ? FAKE_CREATE : FAKE_START, draw(6), ERR_INTERNAL);
}

static void calm_calls(struct world *w)
{
	for (unsigned call = 0; call < N_FAKE_CALLS; call++) {
		fake_delay_call(w->rt, (enum fake_call)call, 0);
		fake_fail_call(w->rt, (enum fake_call)call, 0, ERR_NONE);
	}
}

/* An interrupt or a failure in the foreground, at any moment: nothing runs when `up` is over. */
static void wherever_it_is_interrupted_nothing_is_left_running(void **state)
{
	struct world *w = *state;

	w->on_event = interrupt;
	for (unsigned round = 0; round < ROUNDS; round++) {
		autofree char *text = NULL;

		random_state = round;
		text = random_spec(false);
		shake_calls(w);
		stop_at = 1 + draw(15);
		kill_at = draw(2) ? stop_at + 1 + draw(5) : 0;
		world_begin_up(w, text, NULL, 0);
		assert_non_null(w->manager);
		world_finish(w);
		if (world_count(w, CONTAINER_RUNNING) + world_count(w, CONTAINER_STOPPING) > 0)
			print_error("round %u: %s\n%s\n%s", round, w->error.msg, text, strbuf_peek(&w->story));
		assert_int_equal(world_count(w, CONTAINER_RUNNING) + world_count(w, CONTAINER_STOPPING), 0);
		if (draw(2)) {
			calm_calls(w);
			world_down(w, "demo");
		}
	}
}

/* A manager that is gone at any moment, calls that failed before: an `up` after that makes all that is wanted. */
static void wherever_it_was_broken_off_the_next_up_completes_it(void **state)
{
	struct world *w = *state;

	for (unsigned round = 0; round < ROUNDS; round++) {
		autofree char *text = NULL, *again = NULL;

		random_state = round + 1000000;
		text = random_spec(true);
		again = draw(2) ? strdup(text) : random_spec(true);
		shake_calls(w);
		assert_non_null(world_begin_up(w, text, NULL, draw(2) ? WORLD_DETACHED : 0));
		virtual_clock_sleep(w->clock, w->begin_ns + draw(3000) * NSEC_PER_MSEC);
		world_drop_manager(w);

		calm_calls(w);
		if (world_up(w, again, WORLD_DETACHED) < 0)
			print_error("round %u: %s\n%s\n%s", round, w->error.msg, again, strbuf_peek(&w->story));
		assert_int_equal(w->error.kind, ERR_NONE);
		fake_forget_calls(w->rt);
		assert_int_equal(world_up(w, again, WORLD_DETACHED), 0);
		for (size_t i = 0; i < fake_calls(w->rt)->count; i++) { /* nothing is left to do */
			assert_null(strstr(fake_calls(w->rt)->items[i], "create"));
			assert_null(strstr(fake_calls(w->rt)->items[i], "remove"));
		}
		if (draw(2))
			assert_int_equal(world_down(w, "demo"), 0);
	}
}

/* The same seed is the same story, to the last line. */
static void the_same_run_twice_is_the_same_story(void **state)
{
	struct world *w = *state;
	autofree char *first = NULL;

	for (unsigned round = 0; round < 30; round++) {
		for (unsigned time = 0; time < 2; time++) {
			autofree char *text = NULL;

			world_tear_down(state);
			assert_int_equal(world_set_up(state), 0);
			w = *state;
			random_state = round;
			text = random_spec(false);
			shake_calls(w);
			world_up(w, text, 0);
			if (time == 1)
				assert_string_equal(first, strbuf_peek(&w->story));
			free(first);
			first = strdup(strbuf_peek(&w->story));
		}
	}
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, world_set_up, world_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(wherever_it_is_interrupted_nothing_is_left_running),
		CASE(wherever_it_was_broken_off_the_next_up_completes_it),
		CASE(the_same_run_twice_is_the_same_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
