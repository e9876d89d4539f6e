/* test_describe.c - docker's words for states, ages and sizes. */
#include "support/cmocka_setup.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "cli/describe.h"

#define NOW (1700000000 * NSEC_PER_SEC)
#define AGO(seconds) (NOW - (seconds)*NSEC_PER_SEC)

static void states_read_as_docker_s(void **state)
{
	static const struct {
		struct zl_container_info info;
		const char *text;
	} cases[] = {
		{ { .status = ZL_CONTAINER_PENDING }, "Created" },
		{ { .status = ZL_CONTAINER_RUNNING, .started_ns = AGO(200) }, "Up 3 minutes" },
		{ { .status = ZL_CONTAINER_PAUSED, .started_ns = AGO(200) }, "Up 3 minutes (Paused)" },
		{ { .status = ZL_CONTAINER_EXITED, .exit = { .is_known = true, .finished_ns = AGO(130) } },
		  "Exited (0) 2 minutes ago" },
		{ { .status = ZL_CONTAINER_EXITED, .exit = { .is_known = true, .code = 137, .finished_ns = AGO(1) } },
		  "Exited (137) 1 second ago" },
		{ { .status = ZL_CONTAINER_UNKNOWN, .exit = { .code = -1 } }, "Exited (unknown)" },
		{ { .status = ZL_CONTAINER_FAILED, .reason = "mounts: /x" }, "Failed: mounts: /x" },
		{ { .status = ZL_CONTAINER_FAILED }, "Failed" },
	};
	char text[STATUS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		status_text(&cases[i].info, NOW, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void sizes_have_three_digits(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0B" },         { 987, "987B" },   { 1000, "1kB" },           { 4261550, "4.26MB" },
		{ 999499, "999kB" }, { 999999, "1MB" }, { 12345678901, "12.3GB" },
	};
	char text[SIZE_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_text(cases[i].bytes, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void a_time_that_is_not_known_has_no_age(void **state)
{
	char text[AGE_TEXT_SIZE];

	(void)state;
	age_text(0, NOW, text);
	assert_string_equal(text, "");
	age_text(NOW + NSEC_PER_SEC, NOW, text);
	assert_string_equal(text, "Less than a second ago");
}

static void short_ids_leave_the_algorithm_out(void **state)
{
	char text[SHORT_ID_SIZE];

	(void)state;
	short_id("sha256:0123456789abcdef", text);
	assert_string_equal(text, "0123456789ab");
	short_id("fedcba98765432100123", text);
	assert_string_equal(text, "fedcba987654");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_read_as_docker_s),
		cmocka_unit_test(sizes_have_three_digits),
		cmocka_unit_test(a_time_that_is_not_known_has_no_age),
		cmocka_unit_test(short_ids_leave_the_algorithm_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
