/* test_scalar.c - what plain scalars of YAML 1.2's core schema mean. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <math.h>

#include "spec/scalar.h"

static void integers_have_four_bases_and_no_leading_zeros(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t value;
	} cases[] = {
		{ "0", 0, 0 },
		{ "80", 0, 80 },
		{ "+80", 0, 80 },
		{ "-80", 0, -80 },
		{ "0x50", 0, 80 },
		{ "+0x50", 0, 80 },
		{ "-0x50", 0, -80 },
		{ "0o120", 0, 80 },
		{ "0b1010000", 0, 80 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "99999999999999999999", -ERANGE, 0 },
		{ "0x10000000000000000", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "+", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
		{ "++1", -EINVAL, 0 },
		{ "+-1", -EINVAL, 0 },
		{ "0x", -EINVAL, 0 },
		{ "0x+5", -EINVAL, 0 },
		{ "0X50", -EINVAL, 0 },
		{ "0o8", -EINVAL, 0 },
		{ "0b2", -EINVAL, 0 },
		{ "0080", -EINVAL, 0 },
		{ "-00", -EINVAL, 0 },
		{ "1_000", -EINVAL, 0 },
		{ "80.0", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "1 ", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value = 0;

		if (scalar_parse_i64(cases[i].text, &value) != cases[i].result)
			fail_msg("`%s`", cases[i].text);
		assert_int_equal(value, cases[i].value);
	}
}

static void unsigned_integers_reach_further_and_have_no_minus(void **state)
{
	uint64_t value = 0;

	(void)state;
	assert_int_equal(scalar_parse_u64("18446744073709551615", &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(scalar_parse_u64("18446744073709551616", &value), -ERANGE);
	assert_int_equal(scalar_parse_u64("-0", &value), -EINVAL);
	assert_int_equal(scalar_parse_u64("-1", &value), -EINVAL);
}

static void floats_are_decimal_and_finite_but_for_their_words(void **state)
{
	static const struct {
		const char *text;
		double value;
	} good[] = {
		{ "1", 1 },     { "+1", 1 },          { "-1", -1 },          { "0.5", 0.5 },
		{ ".5", 0.5 },  { "1.", 1 },          { "1e-3", 0.001 },     { "1E3", 1000 },
		{ "0080", 80 }, { ".inf", INFINITY }, { "+.Inf", INFINITY }, { "-.INF", -INFINITY },
	};
	static const char *const bad[] = { "",         ".",     "e3",  "1e",  "0x2",   "2_000", "1,5", "inf", "nan",
					   "Infinity", "1e400", "++1", "+-1", "-.nan", " 1",    "1 ",  "0.5s" };
	double value = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(scalar_parse_double(good[i].text, &value), 0);
		assert_true(value == good[i].value);
	}
	assert_int_equal(scalar_parse_double(".nan", &value), 0);
	assert_true(isnan(value));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (scalar_parse_double(bad[i], &value) != -EINVAL)
			fail_msg("`%s` was taken", bad[i]);
}

static void booleans_and_nulls_have_three_spellings(void **state)
{
	bool value = false;

	(void)state;
	assert_int_equal(scalar_parse_bool("True", &value), 0);
	assert_true(value);
	assert_int_equal(scalar_parse_bool("FALSE", &value), 0);
	assert_false(value);
	assert_int_equal(scalar_parse_bool("yes", &value), -EINVAL);
	assert_int_equal(scalar_parse_bool("tRUE", &value), -EINVAL);
	assert_int_equal(scalar_parse_bool("1", &value), -EINVAL);
	assert_true(scalar_is_null("~") && scalar_is_null("null") && scalar_is_null("Null") && scalar_is_null("NULL"));
	assert_false(scalar_is_null("nULL") || scalar_is_null("") || scalar_is_null("none"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_have_four_bases_and_no_leading_zeros),
		cmocka_unit_test(unsigned_integers_reach_further_and_have_no_minus),
		cmocka_unit_test(floats_are_decimal_and_finite_but_for_their_words),
		cmocka_unit_test(booleans_and_nulls_have_three_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
