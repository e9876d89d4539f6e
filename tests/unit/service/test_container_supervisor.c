/* test_container_supervisor.c - the life of one container: the whole table. */
#include "support/cmocka_setup.h"

#include "base/cleanup.h"
#include "service/container_supervisor.h"

#define N_STATES (SUPERVISOR_FAILED + 1)
#define N_EVENTS (SUPERVISOR_KILL + 1)

static const struct {
	enum supervisor_state from;
	enum supervisor_event event;
	enum supervisor_state to;
	enum supervisor_action action;
} moves[] = {
	{ SUPERVISOR_IDLE, SUPERVISOR_MAKE, SUPERVISOR_MAKING, SUPERVISOR_DO_MAKE },
	{ SUPERVISOR_IDLE, SUPERVISOR_START, SUPERVISOR_STARTING, SUPERVISOR_DO_START },
	{ SUPERVISOR_IDLE, SUPERVISOR_ADOPT_RUNNING, SUPERVISOR_RUNNING, SUPERVISOR_DO_WATCH },
	{ SUPERVISOR_IDLE, SUPERVISOR_ADOPT_ENDED, SUPERVISOR_ENDED, SUPERVISOR_DO_NOTHING },
	{ SUPERVISOR_MAKING, SUPERVISOR_DONE, SUPERVISOR_IDLE, SUPERVISOR_DO_NOTHING },
	{ SUPERVISOR_MAKING, SUPERVISOR_ERROR, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING },
	{ SUPERVISOR_STARTING, SUPERVISOR_DONE, SUPERVISOR_RUNNING, SUPERVISOR_DO_WATCH },
	{ SUPERVISOR_STARTING, SUPERVISOR_ERROR, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING },
	{ SUPERVISOR_RUNNING, SUPERVISOR_EXITED, SUPERVISOR_ENDED, SUPERVISOR_DO_REPORT },
	{ SUPERVISOR_RUNNING, SUPERVISOR_STOP, SUPERVISOR_STOPPING, SUPERVISOR_DO_STOP },
	{ SUPERVISOR_RUNNING, SUPERVISOR_KILL, SUPERVISOR_STOPPING, SUPERVISOR_DO_KILL },
	{ SUPERVISOR_STOPPING, SUPERVISOR_EXITED, SUPERVISOR_ENDED, SUPERVISOR_DO_REPORT },
	{ SUPERVISOR_STOPPING, SUPERVISOR_KILL, SUPERVISOR_STOPPING, SUPERVISOR_DO_KILL },
	{ SUPERVISOR_STOPPING, SUPERVISOR_ERROR, SUPERVISOR_FAILED, SUPERVISOR_DO_NOTHING },
};

static void every_event_moves_as_the_table_says_or_is_ignored(void **state)
{
	(void)state;
	for (unsigned from = 0; from < N_STATES; from++)
		for (unsigned event = 0; event < N_EVENTS; event++) {
			struct supervisor before = { .state = (enum supervisor_state)from };
			struct supervisor_next next = supervisor_next(before, (enum supervisor_event)event);
			enum supervisor_state to = before.state;
			enum supervisor_action action = SUPERVISOR_DO_NOTHING;

			for (size_t i = 0; i < ARRAY_SIZE(moves); i++)
				if (moves[i].from == from && moves[i].event == event) {
					to = moves[i].to;
					action = moves[i].action;
				}
			assert_int_equal(next.now.state, to);
			assert_int_equal(next.action, action);
		}
}

static void one_that_was_killed_is_not_killed_again(void **state)
{
	struct supervisor_next next =
		supervisor_next((struct supervisor){ SUPERVISOR_RUNNING, true, false }, SUPERVISOR_KILL);

	(void)state;
	next = supervisor_next(next.now, SUPERVISOR_KILL);
	assert_int_equal(next.action, SUPERVISOR_DO_NOTHING);
	assert_int_equal(next.now.state, SUPERVISOR_STOPPING);
}

static void what_ran_has_started_for_ever(void **state)
{
	struct supervisor s = supervisor_next((struct supervisor){ .state = SUPERVISOR_STARTING }, SUPERVISOR_DONE).now;

	(void)state;
	assert_true(s.has_started);
	assert_true(supervisor_next(s, SUPERVISOR_EXITED).now.has_started);
	assert_true(supervisor_next((struct supervisor){ 0 }, SUPERVISOR_ADOPT_ENDED).now.has_started);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_moves_as_the_table_says_or_is_ignored),
		cmocka_unit_test(one_that_was_killed_is_not_killed_again),
		cmocka_unit_test(what_ran_has_started_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
