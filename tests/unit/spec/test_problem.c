/* test_problem.c - problems are kept in number, sorted and printed without control characters. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "spec/problem.h"

static void problems_print_in_the_order_of_the_file(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	assert_int_equal(spec_problems_add(&p, SPEC_WARNING, 9, 1, "c", "third"), 0);
	assert_int_equal(spec_problems_add(&p, SPEC_ERROR, 2, 7, "", "second %d", 2), 0);
	assert_int_equal(spec_problems_add(&p, SPEC_FLAW, 2, 3, "a[0].b", "first"), 0);
	spec_problems_sort(&p);
	spec_problems_print(&p, "app.yml", SPEC_WARNING, &out);
	assert_string_equal(strbuf_peek(&out), "app.yml:2:3: cannot run: a[0].b: first\n"
					       "app.yml:2:7: second 2\n"
					       "app.yml:9:1: warning: c: third\n");
	assert_int_equal(p.errors, 1);
}

static void lesser_ones_can_be_left_out(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	spec_problems_add(&p, SPEC_WARNING, 1, 1, "a", "w");
	spec_problems_add(&p, SPEC_ERROR, 2, 1, "b", "e");
	spec_problems_print(&p, "x", SPEC_ERROR, &out);
	assert_string_equal(strbuf_peek(&out), "x:2:1: b: e\n");
}

static void a_hundred_are_kept_and_the_rest_is_counted(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	for (unsigned i = 0; i < 130; i++)
		assert_int_equal(spec_problems_add(&p, SPEC_ERROR, i + 1, 1, "", "x"), 0);
	assert_int_equal(p.count, SPEC_PROBLEMS_MAX);
	assert_int_equal(p.errors, 130);
	spec_problems_print(&p, "x", SPEC_WARNING, &out);
	assert_non_null(strstr(strbuf_peek(&out), "x: and 30 more\n"));
}

static void an_error_takes_the_place_of_a_warning(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };

	(void)state;
	for (unsigned i = 0; i < 150; i++)
		spec_problems_add(&p, SPEC_WARNING, i + 1, 1, "", "w");
	spec_problems_add(&p, SPEC_ERROR, 500, 1, "", "e");
	assert_int_equal(p.count, SPEC_PROBLEMS_MAX);
	assert_int_equal(spec_problems_count(&p, SPEC_ERROR), 1);
}

/* Or `up` would start what it must refuse, behind a hundred warnings. */
static void what_up_refuses_takes_the_place_of_a_warning_too(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	struct error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < 120; i++)
		spec_problems_add(&p, i % 2 ? SPEC_WARNING : SPEC_IGNORED, i + 1, 1, "", "w");
	spec_problems_add(&p, SPEC_REFUSED, 500, 1, "c", "no s3");
	assert_int_equal(p.count, SPEC_PROBLEMS_MAX);
	assert_int_equal(spec_check_deployable(&p, &err), -1);
	spec_problems_add(&p, SPEC_WARNING, 501, 1, "", "w");
	assert_int_equal(spec_problems_count(&p, SPEC_REFUSED), 1);
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	AUTO_DONE(strbuf) out = { 0 };

	(void)state;
	spec_problems_add(&p, SPEC_ERROR, 1, 1, "a\x1b[31m", "b\r\xc2\x9b");
	spec_problems_print(&p, "x", SPEC_WARNING, &out);
	assert_string_equal(strbuf_peek(&out), "x:1:1: a\\x1b[31m: b\\x0d\\xc2\x9b\n");
}

static void flaws_and_refused_fields_keep_a_deployment_from_starting(void **state)
{
	AUTO_DONE(spec_problems) p = { 0 };
	struct error err = { 0 };

	(void)state;
	spec_problems_add(&p, SPEC_IGNORED, 1, 1, "a", "not in effect");
	spec_problems_add(&p, SPEC_WARNING, 2, 1, "b", "hm");
	assert_int_equal(spec_check_deployable(&p, &err), 0);
	spec_problems_add(&p, SPEC_REFUSED, 3, 1, "c", "no s3");
	assert_int_equal(spec_check_deployable(&p, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
	assert_string_equal(err.msg, "3:1: c: no s3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(problems_print_in_the_order_of_the_file),
		cmocka_unit_test(lesser_ones_can_be_left_out),
		cmocka_unit_test(a_hundred_are_kept_and_the_rest_is_counted),
		cmocka_unit_test(an_error_takes_the_place_of_a_warning),
		cmocka_unit_test(what_up_refuses_takes_the_place_of_a_warning_too),
		cmocka_unit_test(control_characters_do_not_reach_a_terminal),
		cmocka_unit_test(flaws_and_refused_fields_keep_a_deployment_from_starting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
