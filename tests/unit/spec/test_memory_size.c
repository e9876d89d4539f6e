/* test_memory_size.c - amounts of memory. */
#include "support/cmocka_setup.h"

#include <errno.h>

#include "spec/memory_size.h"

struct size_case {
	const char *text;
	int result;
	uint64_t bytes;
};

static void the_format_knows_four_suffixes_and_nothing_else(void **state)
{
	static const struct size_case cases[] = {
		{ "1Ki", 0, 1024 },
		{ "512Mi", 0, 512ULL << 20 },
		{ "1Gi", 0, 1ULL << 30 },
		{ "2Ti", 0, 2ULL << 40 },
		{ "01Mi", 0, 1ULL << 20 },
		{ "+1Mi", 0, 1ULL << 20 },
		{ "16777215Ti", 0, 16777215ULL << 40 },
		{ "16777216Ti", -ERANGE, UINT64_MAX },
		{ "18446744073709551615Ti", -ERANGE, UINT64_MAX },
		{ "", -EINVAL, 0 },
		{ "Mi", -EINVAL, 0 },
		{ "+Mi", -EINVAL, 0 },
		{ "++1Mi", -EINVAL, 0 },
		{ "-1Mi", -EINVAL, 0 },
		{ "0Mi", -EINVAL, 0 },
		{ "512", -EINVAL, 0 },
		{ "1.5Gi", -EINVAL, 0 },
		{ "1 Mi", -EINVAL, 0 },
		{ " 1Mi", -EINVAL, 0 },
		{ "1Mi ", -EINVAL, 0 },
		{ "1mi", -EINVAL, 0 },
		{ "1MI", -EINVAL, 0 },
		{ "1Ei", -EINVAL, 0 },
		{ "1M", -EINVAL, 0 },
		{ "1MB", -EINVAL, 0 },
		{ "1MiB", -EINVAL, 0 },
		{ "0x10Mi", -EINVAL, 0 },
		{ "99999999999999999999Mi", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t bytes = 0;

		if (memory_size_parse(cases[i].text, &bytes) != cases[i].result)
			fail_msg("`%s`", cases[i].text);
		assert_true(bytes == cases[i].bytes);
	}
}

static void a_tmpfs_also_takes_what_mount_takes(void **state)
{
	static const struct size_case cases[] = {
		{ "64Mi", 0, 64ULL << 20 },
		{ "64m", 0, 64ULL << 20 },
		{ "64M", 0, 64ULL << 20 },
		{ "1g", 0, 1ULL << 30 },
		{ "4096", 0, 4096 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551615k", -ERANGE, UINT64_MAX },
		{ "50%", -EINVAL, 0 },
		{ "64mb", -EINVAL, 0 },
		{ "0", -EINVAL, 0 },
		{ "m", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t bytes = 0;

		if (memory_size_parse_mount(cases[i].text, &bytes) != cases[i].result)
			fail_msg("`%s`", cases[i].text);
		assert_true(bytes == cases[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_format_knows_four_suffixes_and_nothing_else),
		cmocka_unit_test(a_tmpfs_also_takes_what_mount_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
