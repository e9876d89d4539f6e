/* test_capability.c - names and numbers are each other's inverse; masks agree with the kernel. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <sys/prctl.h>

#include "base/cleanup.h"
#include "sys/capability.h"

static void every_capability_has_a_name_that_leads_back(void **state)
{
	(void)state;
	for (int i = 0; i <= CAP_LAST_CAP; i++) {
		assert_non_null(capability_name(i));
		assert_int_equal(capability_from_name(capability_name(i)), i);
		assert_int_equal(capability_from_name(capability_name(i) + 4), i);
	}
	assert_null(capability_name(CAP_LAST_CAP + 1));
	assert_null(capability_name(-1));
}

static void case_and_prefix_do_not_matter(void **state)
{
	(void)state;
	assert_int_equal(capability_from_name("net_bind_service"), CAP_NET_BIND_SERVICE);
	assert_int_equal(capability_from_name("Cap_Sys_Admin"), CAP_SYS_ADMIN);
	assert_int_equal(capability_from_name("CHECKPOINT_RESTORE"), CAP_CHECKPOINT_RESTORE);
}

static void what_is_no_capability_is_refused(void **state)
{
	static const char *const bad[] = { "", "CAP_", "ALL", "CAP_CAP_KILL", "KILL ", "21", "SYS-ADMIN" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(capability_from_name(bad[i]), -EINVAL);
}

static void the_bounding_set_is_what_the_kernel_says(void **state)
{
	uint64_t mask = capability_bounding();

	(void)state;
	assert_true(capability_last() >= CAP_AUDIT_READ);
	for (int i = 0; i <= capability_last(); i++)
		assert_int_equal((mask >> i) & 1, prctl(PR_CAPBSET_READ, i, 0, 0, 0));
	assert_int_equal(mask >> capability_last() >> 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_capability_has_a_name_that_leads_back),
		cmocka_unit_test(case_and_prefix_do_not_matter),
		cmocka_unit_test(what_is_no_capability_is_refused),
		cmocka_unit_test(the_bounding_set_is_what_the_kernel_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
