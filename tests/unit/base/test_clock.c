/* test_clock.c - times as text and back. */
#include "support/cmocka_setup.h"

#include "base/cleanup.h"
#include "base/clock.h"

static void rfc3339_has_thirty_characters_and_reads_back(void **state)
{
	char text[CLOCK_RFC3339_SIZE];
	uint64_t ns = 0;

	(void)state;
	clock_format_rfc3339(1475798775ULL * NSEC_PER_SEC + 42, text);
	assert_string_equal(text, "2016-10-07T00:06:15.000000042Z");
	assert_int_equal(clock_parse_rfc3339(text, &ns), 0);
	assert_true(ns == 1475798775ULL * NSEC_PER_SEC + 42);
	assert_int_equal(clock_parse_rfc3339("2016-10-07T00:06:15Z", &ns), 0);
}

static void other_texts_are_no_time(void **state)
{
	static const char *const bad[] = { "", "2016", "2016-10-07T00:06:15", "2016-10-07T00:06:15.Z",
					   "2016-10-07T00:06:15Zx" };
	uint64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(clock_parse_rfc3339(bad[i], &ns) < 0);
}

static void ages_read_as_dockers(void **state)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} table[] = { { 0, "Less than a second" }, { 1, "1 second" },      { 59, "59 seconds" },
		      { 60, "About a minute" },    { 300, "5 minutes" },   { 3600, "About an hour" },
		      { 7200, "2 hours" },         { 86400 * 3, "3 days" } };
	char text[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		clock_format_age(table[i].seconds * NSEC_PER_SEC, text, sizeof(text));
		assert_string_equal(text, table[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc3339_has_thirty_characters_and_reads_back),
		cmocka_unit_test(other_texts_are_no_time),
		cmocka_unit_test(ages_read_as_dockers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
