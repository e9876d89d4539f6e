/* test_execution.c - which actions of a plan may begin. */
#include "support/cmocka_setup.h"

#include "base/strbuf.h"
#include "service/execution.h"

static void begin_all(struct execution *e, struct strbuf *out)
{
	size_t index;

	strbuf_reset(out);
	while (execution_next(e, &index))
		strbuf_addf(out, "%zu ", index);
}

static void actions_begin_when_all_that_they_wait_for_are_done(void **state)
{
	/* 0 and 1 wait for nothing, 2 for both, 3 for 2, 4 for 0. */
	struct plan_action actions[] = {
		{ .n_edges = 0 },
		{ .n_edges = 0 },
		{ .first_edge = 0, .n_edges = 2 },
		{ .first_edge = 2, .n_edges = 1 },
		{ .first_edge = 3, .n_edges = 1 },
	};
	size_t edges[] = { 0, 1, 2, 0 };
	struct plan plan = { .actions = actions, .count = 5, .edges = edges, .n_edges = 4 };
	struct execution e;
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	assert_int_equal(execution_init(&e, &plan, NULL), 0);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "0 1 ");
	execution_finish(&e, 1);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "");
	execution_finish(&e, 0);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "2 4 ");
	execution_finish(&e, 4);
	execution_finish(&e, 2);
	assert_false(execution_is_over(&e));
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "3 ");
	execution_finish(&e, 3);
	assert_true(execution_is_over(&e));
	execution_done(&e);
}

static void everything_waits_for_all_pulls(void **state)
{
	struct plan_action actions[4] = { 0 };
	struct plan plan = { .actions = actions, .count = 4, .n_pulls = 2 };
	struct execution e;
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	assert_int_equal(execution_init(&e, &plan, NULL), 0);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "0 1 ");
	execution_finish(&e, 0);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "");
	execution_finish(&e, 1);
	begin_all(&e, &out);
	assert_string_equal(strbuf_peek(&out), "2 3 ");
	execution_done(&e);
}

static void an_empty_plan_is_over_at_once(void **state)
{
	struct plan plan = { 0 };
	struct execution e;
	size_t index;

	(void)state;
	assert_int_equal(execution_init(&e, &plan, NULL), 0);
	assert_false(execution_next(&e, &index));
	assert_true(execution_is_over(&e));
	execution_done(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions_begin_when_all_that_they_wait_for_are_done),
		cmocka_unit_test(everything_waits_for_all_pulls),
		cmocka_unit_test(an_empty_plan_is_over_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
