/* test_duration.c - the grammar of durations and how they are printed. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "spec/duration.h"

#define S 1000000000ULL

static void durations_mean_exact_nanoseconds(void **state)
{
	static const struct {
		const char *text;
		uint64_t ns;
	} cases[] = {
		{ "0", 0 },
		{ "0s", 0 },
		{ "1ns", 1 },
		{ "1us", 1000 },
		{ "1\xc2\xb5s", 1000 },
		{ "500ms", 500000000 },
		{ "30s", 30 * S },
		{ "5 seconds", 5 * S },
		{ "1h30m", 5400 * S },
		{ "1h 30m", 5400 * S },
		{ " 1h\t30m ", 5400 * S },
		{ "1.5h", 5400 * S },
		{ "0.5s", S / 2 },
		{ "1 1s", 11 * S },
		{ "1h1h", 7200 * S },
		{ "1m", 60 * S },
		{ "1M", 2630016 * S },
		{ "1month", 2630016 * S },
		{ "2weeks", 1209600 * S },
		{ "1wk", 604800 * S },
		{ "1y", 31557600 * S },
		{ "1yr", 31557600 * S },
		{ "20 min 17 nsec", 1200 * S + 17 },
		{ "584y", 584 * 31557600ULL * S },
		{ "18446744073709551615ns", UINT64_MAX },
		{ "01s", S },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		uint64_t ns = 7;

		if (duration_parse(cases[i].text, &ns, &err) < 0)
			fail_msg("`%s`: %s", cases[i].text, err.msg);
		assert_int_equal(ns, cases[i].ns);
	}
}

static void what_is_no_duration_is_refused_and_says_why(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ "  ", "empty" },
		{ "30", "a unit is missing (30s or 30ms)" },
		{ "00", "a unit is missing" },
		{ "3m 2", "a unit is missing (2s or 2ms)" },
		{ "-5s", "a number is missing" },
		{ "+5s", "a number is missing" },
		{ ".5s", "a number is missing" },
		{ "1.s", "no digit" },
		{ "1.5.5s", "unexpected character" },
		{ "1S", "unknown unit `S`" },
		{ "1hh", "unknown unit `hh`" },
		{ "1fortnight", "unknown unit" },
		{ "1averyveryverylongunitname", "unknown unit" },
		{ "5s,3s", "a number is missing" },
		{ "m", "a number is missing" },
		{ "1h m", "a number is missing" },
		{ "1e3s", "unknown unit `e`" },
		{ "1.5ns", "no whole number of nanoseconds" },
		{ "585y", "too long" },
		{ "18446744073709551616ns", "too large" },
		{ "18446744073709551615ns 1ns", "too long" },
		{ "99999999999999999999s", "too large" },
		{ "1.00000000000000000000s", "too large" },
		{ "1\xce\xbcs", "unexpected character" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		uint64_t ns = 7;

		if (duration_parse(cases[i].text, &ns, &err) == 0)
			fail_msg("`%s` was taken", cases[i].text);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("`%s` says `%s`, not `%s`", cases[i].text, err.msg, cases[i].says);
		assert_int_equal(ns, 7);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
	}
}

static void durations_print_in_the_words_of_the_reference(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} cases[] = {
		{ 0, "0s" },
		{ 5400 * S, "1h 30m" },
		{ 604800 * S, "7days" },
		{ 86400 * S, "1day" },
		{ 2630016 * S, "1month" },
		{ 31557600 * S, "1year" },
		{ 2ULL * 31557600 * S + 2630016 * S, "2years 1month" },
		{ 1, "1ns" },
		{ 1500, "1us 500ns" },
		{ 61 * S + 5000000, "1m 1s 5ms" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[DURATION_TEXT_SIZE];

		duration_format(cases[i].ns, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void what_is_printed_reads_back(void **state)
{
	uint64_t values[] = { UINT64_MAX, UINT64_MAX - 1, 1, 999, 86399 * S + 999999999, 31557599 * S + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char text[DURATION_TEXT_SIZE];
		uint64_t ns = 0;

		duration_format(values[i], text);
		assert_int_equal(duration_parse(text, &ns, NULL), 0);
		assert_true(ns == values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_mean_exact_nanoseconds),
		cmocka_unit_test(what_is_no_duration_is_refused_and_says_why),
		cmocka_unit_test(durations_print_in_the_words_of_the_reference),
		cmocka_unit_test(what_is_printed_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
