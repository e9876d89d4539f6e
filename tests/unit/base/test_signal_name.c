/* test_signal_name.c - signals as users type them. */
#include "support/cmocka_setup.h"

#include <signal.h>

#include "base/cleanup.h"
#include "base/signal_name.h"

static void names_and_numbers_are_the_same_signal(void **state)
{
	(void)state;
	assert_int_equal(signal_from_name("TERM"), SIGTERM);
	assert_int_equal(signal_from_name("SIGTERM"), SIGTERM);
	assert_int_equal(signal_from_name("sigkill"), SIGKILL);
	assert_int_equal(signal_from_name("15"), SIGTERM);
	assert_int_equal(signal_from_name("RTMIN+3"), 37);
	assert_string_equal(signal_to_name(SIGTERM), "SIGTERM");
	assert_null(signal_to_name(63));
}

static void junk_is_refused(void **state)
{
	static const char *const bad[] = { "", "0", "65", "TERMX", "SIG", "-9", "9x", "RTMIN+31", "RTMIN+" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(signal_from_name(bad[i]) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_are_the_same_signal),
		cmocka_unit_test(junk_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
