/* test_cpu.c - cores and the quota that they mean. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <math.h>

#include "spec/cpu.h"

static void cores_become_a_quota_of_the_period(void **state)
{
	static const struct {
		double cores;
		uint64_t quota;
	} cases[] = {
		{ 1, 100000 },   { 0.5, 50000 },   { 2.25, 225000 },
		{ 0.001, 1000 }, { 1e-300, 1000 }, { 1e300, 1ULL << 40 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t quota = 0;

		assert_int_equal(cpu_quota_us(cases[i].cores, 100000, &quota), 0);
		assert_int_equal(quota, cases[i].quota);
	}
}

static void what_is_no_amount_has_no_quota(void **state)
{
	double none[] = { 0, -1, NAN, INFINITY, -INFINITY };
	uint64_t quota = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_false(cpu_is_limit(none[i]));
		assert_int_equal(cpu_quota_us(none[i], 100000, &quota), -EINVAL);
	}
	assert_int_equal(quota, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cores_become_a_quota_of_the_period),
		cmocka_unit_test(what_is_no_amount_has_no_quota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
