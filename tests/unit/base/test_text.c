/* test_text.c - strict numbers, near words. */
#include "support/cmocka_setup.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/text.h"

static void numbers_are_digits_and_nothing_else(void **state)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-1", "1x", "0x1", "1.0", "18446744073709551616" };
	uint64_t value = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(parse_u64(bad[i], &value) < 0);
	assert_int_equal(value, 7);
	assert_int_equal(parse_u64("18446744073709551615", &value), 0);
	assert_true(value == UINT64_MAX);
}

static void u32_and_i64_know_their_range(void **state)
{
	uint32_t u = 0;
	int64_t i = 0;

	(void)state;
	assert_int_equal(parse_u32("4294967295", &u), 0);
	assert_int_equal(parse_u32("4294967296", &u), -ERANGE);
	assert_int_equal(parse_i64("-9223372036854775808", &i), 0);
	assert_true(i == INT64_MIN);
	assert_int_equal(parse_i64("9223372036854775808", &i), -ERANGE);
	assert_int_equal(parse_i64("--1", &i), -EINVAL);
}

static void the_nearest_word_is_near(void **state)
{
	static const char *const words[] = { "storage", "services", "scale", "env" };

	(void)state;
	assert_string_equal(text_nearest("servces", words, ARRAY_SIZE(words)), "services");
	assert_string_equal(text_nearest("ev", words, ARRAY_SIZE(words)), "env");
	assert_null(text_nearest("completely", words, ARRAY_SIZE(words)));
}

static void prefixes_suffixes_and_sets(void **state)
{
	(void)state;
	assert_true(text_starts_with("sha256:1", "sha256:"));
	assert_true(text_ends_with("a.yml", ".yml"));
	assert_false(text_ends_with("yml", "a.yml"));
	assert_true(text_is_made_of("00ff", TEXT_HEX));
	assert_false(text_is_made_of("", TEXT_HEX));
	assert_false(text_is_made_of("0G", TEXT_HEX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits_and_nothing_else),
		cmocka_unit_test(u32_and_i64_know_their_range),
		cmocka_unit_test(the_nearest_word_is_near),
		cmocka_unit_test(prefixes_suffixes_and_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
