/* test_strv.c - lists of strings and environments. */
#include "support/cmocka_setup.h"

#include "base/strv.h"

static void a_list_is_an_argv(void **state)
{
	AUTO_DONE(strv) v = { 0 };
	AUTO_DONE(strv) copy = { 0 };

	(void)state;
	assert_int_equal(strv_add(&v, "a"), 0);
	assert_int_equal(strv_addf(&v, "%d", 2), 0);
	assert_null(v.items[2]);
	assert_int_equal(strv_copy(&copy, &v), 0);
	assert_true(strv_equal(&copy, &v));
	assert_true(strv_contains(&copy, "2"));
	assert_int_equal(strv_add(&copy, "x"), 0);
	assert_false(strv_equal(&copy, &v));
}

static void a_variable_set_twice_keeps_its_place(void **state)
{
	AUTO_DONE(strv) v = { 0 };

	(void)state;
	strv_env_set(&v, "A", "1");
	strv_env_set(&v, "AB", "2");
	strv_env_set(&v, "A", "3");
	assert_int_equal(v.count, 2);
	assert_string_equal(v.items[0], "A=3");
	assert_string_equal(strv_env_get(&v, "AB"), "2");
	assert_null(strv_env_get(&v, "B"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_an_argv),
		cmocka_unit_test(a_variable_set_twice_keeps_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
