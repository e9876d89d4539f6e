/* test_error.c - error texts read outside-in and never overflow. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static void each_level_adds_what_it_was_doing_in_front(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(fail(&err, ERR_NETWORK, "%d", 401), -1);
	fail_while(&err, "GET %s", "manifest");
	fail_while(&err, "pull nginx:1.27");
	assert_string_equal(err.msg, "pull nginx:1.27: GET manifest: 401");
	assert_int_equal(err.kind, ERR_NETWORK);
}

static void an_errno_chooses_the_kind_and_ends_the_text(void **state)
{
	struct error err = { 0 };

	(void)state;
	fail_errno(&err, -ENOENT, "open /x");
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_int_equal(err.os_errno, ENOENT);
	assert_string_equal(err.msg, "open /x: No such file or directory");
}

static void a_text_too_long_ends_with_dots(void **state)
{
	struct error err = { 0 };
	char wide[1200];

	(void)state;
	memset(wide, 'x', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	fail(&err, ERR_INTERNAL, "%s", wide);
	assert_string_equal(err.msg + sizeof(err.msg) - 4, "...");
	fail_while(&err, "%s", wide);
	fail_errno(&err, EIO, "%s", wide);
	assert_true(strlen(err.msg) < sizeof(err.msg));
}

static void a_missing_error_struct_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(fail(NULL, ERR_INTERNAL, "x"), -1);
	assert_int_equal(fail_errno(NULL, EIO, "x"), -1);
	assert_int_equal(fail_while(NULL, "x"), -1);
}

static void exit_statuses_are_dockers(void **state)
{
	(void)state;
	assert_int_equal(error_kind_exit_status(ERR_COMMAND_NOT_FOUND), 127);
	assert_int_equal(error_kind_exit_status(ERR_NOT_EXECUTABLE), 126);
	assert_int_equal(error_kind_exit_status(ERR_INTERNAL), 125);
	assert_int_equal(error_kind_http_status(ERR_NOT_FOUND), 404);
	assert_string_equal(error_kind_name(ERR_DEPENDENCY_TIMEOUT), "DependencyTimeout");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_level_adds_what_it_was_doing_in_front),
		cmocka_unit_test(an_errno_chooses_the_kind_and_ends_the_text),
		cmocka_unit_test(a_text_too_long_ends_with_dots),
		cmocka_unit_test(a_missing_error_struct_is_allowed),
		cmocka_unit_test(exit_statuses_are_dockers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
