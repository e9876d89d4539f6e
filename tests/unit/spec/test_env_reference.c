/* test_env_reference.c - what stands for something else, and what only looks like it. */
#include "support/cmocka_setup.h"

#include <stdio.h>
#include <string.h>

#include "spec/env_reference.h"

static const char *text_of(struct env_reference_part part, char room[64])
{
	snprintf(room, 64, "%.*s", (int)part.len, part.len ? part.text : "");
	return room;
}

static void references_are_taken_apart(void **state)
{
	static const struct {
		const char *value;
		enum env_reference_kind kind;
		const char *name, *field, *service, *project, *environment;
	} cases[] = {
		{ "", ENV_LITERAL, "", "", "", "", "" },
		{ "plain", ENV_LITERAL, "", "", "", "", "" },
		{ "$HOME", ENV_LITERAL, "", "", "", "", "" },
		{ "$e:HOME", ENV_LITERAL, "", "", "", "", "" },
		{ "postgres://$E:PW@db", ENV_LITERAL, "", "", "", "", "" },
		{ "$E:HOME", ENV_VARIABLE, "HOME", "", "", "", "" },
		{ "$E:my.var", ENV_VARIABLE, "my.var", "", "", "", "" },
		{ "$S:token", ENV_SECRET, "token", "", "", "", "" },
		{ "$S:db/password", ENV_SECRET, "db", "password", "", "", "" },
		{ "$S:@auth/jwt", ENV_SECRET, "jwt", "", "auth", "", "" },
		{ "$S:@auth/jwt/key", ENV_SECRET, "jwt", "key", "auth", "", "" },
		{ "$S::prod/token", ENV_SECRET, "token", "", "", "", "prod" },
		{ "$S:shop:prod/token", ENV_SECRET, "token", "", "", "shop", "prod" },
		{ "$S:shop:prod/token/user", ENV_SECRET, "token", "user", "", "shop", "prod" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct env_reference r;
		char room[64];

		assert_int_equal(env_reference_parse(cases[i].value, &r, NULL), 0);
		assert_int_equal(r.kind, cases[i].kind);
		assert_string_equal(text_of(r.name, room), cases[i].name);
		assert_string_equal(text_of(r.field, room), cases[i].field);
		assert_string_equal(text_of(r.service, room), cases[i].service);
		assert_string_equal(text_of(r.project, room), cases[i].project);
		assert_string_equal(text_of(r.environment, room), cases[i].environment);
	}
}

static void malformed_references_are_refused(void **state)
{
	static const char *const values[] = {
		"$E:",       "$E:A=B",   "$S:",    "$S:1st",    "$S:a b",   "$S:../x", "$S:a/",
		"$S:a/../b", "$S:a/b/c", "$S:@/x", "$S:@svc",   "$S:@svc/", "$S:@1/x", "$S::/x",
		"$S::env",   "$S:p:/x",  "$S:p:e", "$S:1p:e/x", "$S:a\nb",  "$S:.",    "$S:-a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct error err = { 0 };
		struct env_reference r = { .kind = ENV_VARIABLE };

		if (env_reference_parse(values[i], &r, &err) == 0)
			fail_msg("`%s` was taken", values[i]);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
		assert_int_equal(r.kind, ENV_VARIABLE);
	}
}

static void a_name_of_a_secret_has_a_longest(void **state)
{
	char value[300] = "$S:";
	struct env_reference r;

	(void)state;
	memset(value + 3, 'a', 253);
	assert_int_equal(env_reference_parse(value, &r, NULL), 0);
	value[3 + 253] = 'a';
	assert_int_equal(env_reference_parse(value, &r, NULL), -1);
}

static void a_reference_inside_a_longer_text_is_seen(void **state)
{
	(void)state;
	assert_true(env_reference_is_buried("postgres://$E:PW@db"));
	assert_true(env_reference_is_buried("x$S:y"));
	assert_false(env_reference_is_buried("$E:PW"));
	assert_false(env_reference_is_buried(""));
	assert_false(env_reference_is_buried("$HOME"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_taken_apart),
		cmocka_unit_test(malformed_references_are_refused),
		cmocka_unit_test(a_name_of_a_secret_has_a_longest),
		cmocka_unit_test(a_reference_inside_a_longer_text_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
