/* test_auto.c - which backend is chosen. */
#include "support/cmocka_setup.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/runtime.h"

static void a_named_backend_is_opened(void **state)
{
	AUTO(runtime) rt = runtime_open(&(struct runtime_options){ .backend = "fake" }, NULL);

	(void)state;
	assert_non_null(rt);
	assert_string_equal(rt->ops->name, "fake");
}

static void an_unknown_backend_names_those_that_there_are(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_null(runtime_open(&(struct runtime_options){ .backend = "dokcer" }, &err));
	assert_int_equal(err.kind, ERR_CONFIGURATION);
	assert_non_null(strstr(err.msg, "runtime dokcer: "));
	assert_non_null(strstr(err.msg, "fake"));
}

static void the_environment_fills_what_was_not_said(void **state)
{
	struct runtime_options options = { .root_dir = "/given" };

	(void)state;
	setenv("ZLAYER_RUNTIME", "fake", 1);
	setenv("ZLAYER_ROOT_DIR", "/other", 1);
	setenv("ZLAYER_RUNTIME_DIR", "", 1);
	setenv("ZLAYER_CGROUP_PARENT", "/limited", 1);
	runtime_options_fill(&options);
	assert_string_equal(options.backend, "fake");
	assert_string_equal(options.root_dir, "/given");
	assert_string_equal(options.runtime_dir, "/var/run/zlayer");
	assert_string_equal(options.cgroup_parent, "/limited");
	unsetenv("ZLAYER_RUNTIME");
	unsetenv("ZLAYER_ROOT_DIR");
	unsetenv("ZLAYER_RUNTIME_DIR");
	unsetenv("ZLAYER_CGROUP_PARENT");
}

static void the_test_backend_is_never_chosen_by_itself(void **state)
{
	struct error err = { 0 };
	AUTO(runtime)
	rt = runtime_open(&(struct runtime_options){ .backend = "auto", .root_dir = "/nonexistent" }, &err);

	(void)state;
	if (rt)
		assert_string_not_equal(rt->ops->name, "fake");
	else
		assert_int_not_equal(err.kind, ERR_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_named_backend_is_opened),
		cmocka_unit_test(an_unknown_backend_names_those_that_there_are),
		cmocka_unit_test(the_environment_fills_what_was_not_said),
		cmocka_unit_test(the_test_backend_is_never_chosen_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
