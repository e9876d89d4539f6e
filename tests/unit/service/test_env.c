/* test_env.c - what the values of env stand for. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "service/env.h"

static struct spec_pair base_items[8], override_items[4];
static struct spec_pairs base, overrides;
static struct strv environment, env, secret_env, warnings;

static int tear_down(void **state)
{
	(void)state;
	base = (struct spec_pairs){ base_items, 0 };
	overrides = (struct spec_pairs){ override_items, 0 };
	strv_done(&environment);
	strv_done(&env);
	strv_done(&secret_env);
	strv_done(&warnings);
	return 0;
}

static void add(struct spec_pairs *pairs, const char *name, const char *value)
{
	pairs->items[pairs->count++] = (struct spec_pair){ name, value };
}

static int resolve(struct error *err)
{
	struct env_sources sources = {
		.service = "web", .base = &base, .overrides = &overrides, .environment = &environment
	};

	return env_resolve(&sources, &env, &secret_env, &warnings, err);
}

static void literals_stay_and_variables_get_their_value(void **state)
{
	(void)state;
	strv_add(&environment, "PORT=8080");
	add(&base, "PLAIN", "a b");
	add(&base, "LISTEN", "$E:PORT");
	add(&base, "INSIDE", "http://$E:PORT/");
	assert_int_equal(resolve(NULL), 0);
	assert_int_equal(env.count, 3);
	assert_string_equal(env.items[0], "PLAIN=a b");
	assert_string_equal(env.items[1], "LISTEN=8080");
	assert_string_equal(env.items[2], "INSIDE=http://$E:PORT/");
	assert_int_equal(secret_env.count, 0);
}

static void a_variable_that_is_not_set_fails_naming_service_and_variable(void **state)
{
	struct error err = { 0 };

	(void)state;
	add(&base, "TOKEN", "$E:MISSING_TOKEN");
	assert_int_equal(resolve(&err), -1);
	assert_int_equal(err.kind, ERR_CONFIGURATION);
	assert_non_null(strstr(err.msg, "services.web.env.TOKEN"));
	assert_non_null(strstr(err.msg, "MISSING_TOKEN"));
	assert_int_equal(env.count, 0);
}

static void a_variable_that_is_empty_is_a_warning(void **state)
{
	(void)state;
	strv_add(&environment, "EMPTY=");
	add(&base, "VALUE", "$E:EMPTY");
	assert_int_equal(resolve(NULL), 0);
	assert_string_equal(env.items[0], "VALUE=");
	assert_int_equal(warnings.count, 1);
}

static void secrets_stay_references_apart_from_the_rest(void **state)
{
	(void)state;
	add(&base, "PASSWORD", "$S:db/password");
	add(&base, "NAME", "x");
	assert_int_equal(resolve(NULL), 0);
	assert_int_equal(env.count, 1);
	assert_int_equal(secret_env.count, 1);
	assert_string_equal(secret_env.items[0], "PASSWORD=$S:db/password");
}

static void the_groups_value_wins_whatever_each_of_the_two_is(void **state)
{
	(void)state;
	add(&base, "A", "$S:secret");
	add(&base, "B", "base");
	add(&base, "C", "$E:UNSET_BUT_OVERRIDDEN");
	add(&overrides, "A", "plain");
	add(&overrides, "C", "c");
	assert_int_equal(resolve(NULL), 0);
	assert_int_equal(secret_env.count, 0);
	assert_int_equal(env.count, 3);
	assert_string_equal(strv_env_get(&env, "A"), "plain");
	assert_string_equal(strv_env_get(&env, "B"), "base");
	assert_string_equal(strv_env_get(&env, "C"), "c");
}

#define CASE(test) cmocka_unit_test_teardown(test, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(literals_stay_and_variables_get_their_value),
		CASE(a_variable_that_is_not_set_fails_naming_service_and_variable),
		CASE(a_variable_that_is_empty_is_a_warning),
		CASE(secrets_stay_references_apart_from_the_rest),
		CASE(the_groups_value_wins_whatever_each_of_the_two_is),
	};

	tear_down(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
