/* test_health.c - when a container is healthy, on a clock of our own. */
#include "support/spec_text.h"

#include "base/clock.h"
#include "service/health.h"

#define S NSEC_PER_SEC
#define MS NSEC_PER_MSEC
#define BEGIN_NS (1000 * S) /* the clock does not begin at 0 */

static const struct health_policy policy = {
	.start_grace_ns = 5 * S, .interval_ns = 10 * S, .timeout_ns = 2 * S, .retries = 3
};

/* A container whose checks take no time; good says how each ends. */
struct course {
	struct health health;
	uint64_t now_ns;
	unsigned checks;
};

static void begin(struct course *c)
{
	struct health_next next = health_next((struct health){ 0 }, &policy, HEALTH_STARTED, BEGIN_NS);

	assert_int_equal(next.action, HEALTH_CHECK);
	*c = (struct course){ next.now, BEGIN_NS, 1 };
}

/* The result of the check under way, then on to the next check. */
static void answer(struct course *c, enum health_event result)
{
	struct health_next next = health_next(c->health, &policy, result, c->now_ns);

	assert_int_equal(next.action, HEALTH_REARM);
	c->health = next.now;
	c->now_ns = next.now.due_ns;
	next = health_next(c->health, &policy, HEALTH_TIMER, c->now_ns);
	assert_int_equal(next.action, HEALTH_CHECK);
	c->health = next.now;
	c->checks++;
}

static void the_first_check_comes_at_once_and_the_next_ones_soon(void **state)
{
	static const uint64_t delays_ms[] = { 100, 200, 400, 800, 1000, 1000 };
	struct course c;

	(void)state;
	begin(&c);
	for (size_t i = 0; i < ARRAY_SIZE(delays_ms); i++) {
		uint64_t before = c.now_ns;

		answer(&c, HEALTH_BAD);
		assert_int_equal(c.now_ns - before, delays_ms[i] * MS);
	}
}

static void the_first_success_makes_it_healthy_then_the_interval_holds(void **state)
{
	struct course c;
	uint64_t before;

	(void)state;
	begin(&c);
	answer(&c, HEALTH_BAD);
	before = c.now_ns;
	answer(&c, HEALTH_GOOD);
	assert_int_equal(c.health.state, HEALTH_HEALTHY);
	assert_int_equal(c.now_ns - before, policy.interval_ns);
}

static void what_fails_in_the_grace_does_not_count_after_it_one_an_interval_does(void **state)
{
	struct course c;
	uint64_t unhealthy_ns = 0;

	(void)state;
	begin(&c);
	while (c.health.state == HEALTH_STARTING && c.checks < 100) {
		unhealthy_ns = c.now_ns;
		answer(&c, HEALTH_BAD);
	}
	assert_int_equal(c.health.state, HEALTH_UNHEALTHY);
	/* Three counted failures: not before 5 s, and two intervals apart. */
	assert_true(unhealthy_ns - BEGIN_NS >= 25 * S);
	assert_true(unhealthy_ns - BEGIN_NS < 28 * S);
}

static void retries_failures_in_a_row_make_it_unhealthy_and_one_success_healthy_again(void **state)
{
	struct course c;

	(void)state;
	begin(&c);
	answer(&c, HEALTH_GOOD);
	answer(&c, HEALTH_BAD);
	answer(&c, HEALTH_BAD);
	assert_int_equal(c.health.state, HEALTH_HEALTHY);
	answer(&c, HEALTH_GOOD);
	answer(&c, HEALTH_BAD);
	answer(&c, HEALTH_BAD);
	assert_int_equal(c.health.state, HEALTH_HEALTHY);
	answer(&c, HEALTH_BAD);
	assert_int_equal(c.health.state, HEALTH_UNHEALTHY);
	answer(&c, HEALTH_GOOD);
	assert_int_equal(c.health.state, HEALTH_HEALTHY);
	assert_int_equal(c.health.failures, 0);
}

static void a_check_without_result_is_a_failure_and_its_late_result_is_none(void **state)
{
	struct course c;
	struct health_next next;

	(void)state;
	begin(&c);
	answer(&c, HEALTH_GOOD);
	for (unsigned i = 0; i < 3; i++) {
		next = health_next(c.health, &policy, HEALTH_TIMER, c.now_ns + policy.timeout_ns);
		assert_int_equal(next.action, HEALTH_NOTHING);
		assert_int_equal(next.now.failures, i + 1);
		/* No second check beside the one that hangs, however often the timer rings. */
		next = health_next(next.now, &policy, HEALTH_TIMER, c.now_ns + 60 * S);
		assert_int_equal(next.action, HEALTH_NOTHING);
		assert_int_equal(next.now.failures, i + 1);
		c.health = next.now;
		c.now_ns += 60 * S;
		answer(&c, HEALTH_GOOD);
	}
	assert_int_equal(c.health.state, HEALTH_UNHEALTHY);
}

static void nothing_happens_after_the_end(void **state)
{
	static const enum health_event events[] = { HEALTH_TIMER, HEALTH_GOOD, HEALTH_BAD, HEALTH_ENDED };
	struct course c;

	(void)state;
	begin(&c);
	c.health = health_next(c.health, &policy, HEALTH_ENDED, c.now_ns).now;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		struct health_next next = health_next(c.health, &policy, events[i], c.now_ns + 100 * S);

		assert_int_equal(next.now.state, HEALTH_OVER);
		assert_int_equal(next.action, HEALTH_NOTHING);
	}
}

/* Any events in any order: never two checks at once, never a check after the end. */
static void no_order_of_events_makes_two_checks_at_once(void **state)
{
	uint32_t random = 12345;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		struct health h = { 0 };
		uint64_t now = BEGIN_NS;
		unsigned under_way = 0;

		h = health_next(h, &policy, HEALTH_STARTED, now).now;
		under_way = 1;
		for (unsigned step = 0; step < 50; step++) {
			enum health_event event;
			struct health_next next;

			random = random * 1664525 + 1013904223;
			event = (enum health_event)(HEALTH_TIMER + (random >> 16) % 4);
			now += (random >> 8) % (4 * S);
			if ((event == HEALTH_GOOD || event == HEALTH_BAD) && under_way == 0)
				continue;
			next = health_next(h, &policy, event, now);
			under_way -= event == HEALTH_GOOD || event == HEALTH_BAD;
			under_way += next.action == HEALTH_CHECK;
			assert_true(under_way <= 1);
			assert_true(h.state != HEALTH_OVER || next.action == HEALTH_NOTHING);
			h = next.now;
		}
	}
}

#define SPEC(health) "version: v1\ndeployment: demo\nservices:\n  web:\n    image: {name: busybox}\n" health
#define JOB(health) SPEC("    rtype: job\n" health)

static void a_service_without_a_health_block_and_a_job_have_no_check(void **state)
{
	static const struct {
		const char *text;
		bool has_check;
	} cases[] = {
		{ SPEC(""), false },
		{ SPEC("    health: {check: {type: tcp, port: 80}}\n"), true },
		{ SPEC("    health: {check: {type: tcp, port: 0}}\n"), true },
		{ SPEC("    health: {check: {type: command, command: 'true'}}\n"), true },
		{ JOB("    health: {check: {type: tcp, port: 80}}\n"), false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO(spec_deployment) spec = spec_from_text(cases[i].text);

		assert_int_equal(health_has_check(&spec->services.items[0]), cases[i].has_check);
	}
}

static void what_the_spec_leaves_out_has_its_default(void **state)
{
	AUTO(spec_deployment) spec = spec_from_text(SPEC("    health: {check: {type: tcp, port: 80}}\n"));
	struct health_policy p = health_policy_from_spec(&spec->services.items[0].health);

	(void)state;
	assert_int_equal(p.start_grace_ns, 5 * S);
	assert_int_equal(p.interval_ns, 10 * S);
	assert_int_equal(p.timeout_ns, 5 * S);
	assert_int_equal(p.retries, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_check_comes_at_once_and_the_next_ones_soon),
		cmocka_unit_test(the_first_success_makes_it_healthy_then_the_interval_holds),
		cmocka_unit_test(what_fails_in_the_grace_does_not_count_after_it_one_an_interval_does),
		cmocka_unit_test(retries_failures_in_a_row_make_it_unhealthy_and_one_success_healthy_again),
		cmocka_unit_test(a_check_without_result_is_a_failure_and_its_late_result_is_none),
		cmocka_unit_test(nothing_happens_after_the_end),
		cmocka_unit_test(no_order_of_events_makes_two_checks_at_once),
		cmocka_unit_test(a_service_without_a_health_block_and_a_job_have_no_check),
		cmocka_unit_test(what_the_spec_leaves_out_has_its_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
