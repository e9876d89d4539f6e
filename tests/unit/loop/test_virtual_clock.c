/* test_virtual_clock.c - workers that sleep on a clock which moves only when all do. */
#include "support/cmocka_setup.h"

#include "base/strbuf.h"
#include "loop/virtual_clock.h"

static struct virtual_clock *virtual_time;
static struct strbuf story;

static int set_up(void **state)
{
	(void)state;
	virtual_time = virtual_clock_new(1000);
	return virtual_time ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	virtual_clock_free(virtual_time);
	strbuf_done(&story);
	return 0;
}

struct sleeper {
	const char *name;
	uint64_t times[4]; /* ends with 0 */
};

static void sleep_through(void *data)
{
	const struct sleeper *s = data;

	for (size_t i = 0; s->times[i]; i++) {
		virtual_clock_sleep(virtual_time, s->times[i]);
		if (virtual_clock_is_closing(virtual_time))
			return;
		strbuf_addf(&story, "%s%llu ", s->name, (unsigned long long)virtual_clock_now_ns(virtual_time));
	}
}

static void workers_take_turns_in_the_order_of_their_times(void **state)
{
	struct sleeper a = { "a", { 1010, 1030 } }, b = { "b", { 1020, 1030 } };

	(void)state;
	assert_int_equal(virtual_clock_start(virtual_time, sleep_through, &a), 0);
	assert_int_equal(virtual_clock_start(virtual_time, sleep_through, &b), 0);
	virtual_clock_sleep(virtual_time, 2000);
	assert_string_equal(strbuf_peek(&story), "a1010 b1020 a1030 b1030 ");
	assert_int_equal(virtual_clock_now_ns(virtual_time), 2000);
}

static void a_sleep_without_end_returns_when_nothing_is_left(void **state)
{
	struct sleeper a = { "a", { 1010 } };

	(void)state;
	virtual_clock_start(virtual_time, sleep_through, &a);
	virtual_clock_sleep(virtual_time, VIRTUAL_NEVER);
	assert_int_equal(virtual_clock_now_ns(virtual_time), 1010);
}

static void notify_wakes_every_sleeper_early(void **state)
{
	struct sleeper a = { "a", { 5000 } }, b = { "b", { VIRTUAL_NEVER } };

	(void)state;
	virtual_clock_start(virtual_time, sleep_through, &a);
	virtual_clock_start(virtual_time, sleep_through, &b);
	virtual_clock_sleep(virtual_time, 1500);
	virtual_clock_notify(virtual_time);
	virtual_clock_sleep(virtual_time, 1501);
	assert_string_equal(strbuf_peek(&story), "a1500 b1500 ");
}

static void closing_ends_the_sleepers_that_are_left(void **state)
{
	struct sleeper a = { "a", { 1010, VIRTUAL_NEVER } };

	(void)state;
	virtual_clock_start(virtual_time, sleep_through, &a);
	virtual_clock_sleep(virtual_time, 1100);
	virtual_clock_free(virtual_time);
	virtual_time = NULL;
	assert_string_equal(strbuf_peek(&story), "a1010 ");
}

static void time_never_runs_back(void **state)
{
	(void)state;
	virtual_clock_advance(virtual_time, 900);
	assert_int_equal(virtual_clock_now_ns(virtual_time), 1000);
	virtual_clock_advance(virtual_time, 1100);
	assert_int_equal(virtual_clock_now_ns(virtual_time), 1100);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(workers_take_turns_in_the_order_of_their_times),
		CASE(a_sleep_without_end_returns_when_nothing_is_left),
		CASE(notify_wakes_every_sleeper_early),
		CASE(closing_ends_the_sleepers_that_are_left),
		CASE(time_never_runs_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
