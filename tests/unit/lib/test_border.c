/* test_border.c - what crosses from the public API to the inside: options of any version, errors, containers. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "lib/border.h"
#include "lib/container_options.h"

struct options {
	size_t size;
	uint64_t first, second;
};

static void options_of_an_older_program_read_as_zero_behind_its_end(void **state)
{
	struct options given = { .size = offsetof(struct options, second), .first = 1, .second = 2 }, read;
	struct error err;

	(void)state;
	assert_int_equal(border_read_options(&read, sizeof(read), &given, &err), 0);
	assert_int_equal(read.first, 1);
	assert_int_equal(read.second, 0);
}

static void options_of_a_newer_program_are_taken_when_they_ask_for_nothing_new(void **state)
{
	struct options given = { .size = sizeof(given), .first = 1 }, read = { 0 };
	struct error err;

	(void)state;
	assert_int_equal(border_read_options(&read, offsetof(struct options, second), &given, &err), 0);
	assert_int_equal(read.first, 1);
	given.second = 1;
	assert_int_equal(border_read_options(&read, offsetof(struct options, second), &given, &err), -1);
	assert_int_equal(err.kind, ERR_UNSUPPORTED);
}

static void options_without_a_size_are_a_mistake_and_none_are_defaults(void **state)
{
	struct options given = { 0 }, read = { .first = 7 };
	struct error err;

	(void)state;
	assert_int_equal(border_read_options(&read, sizeof(read), &given, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID_SPEC);
	assert_int_equal(border_read_options(&read, sizeof(read), NULL, &err), 0);
	assert_int_equal(read.first, 0);
}

static void an_error_crosses_whole(void **state)
{
	struct zl_error outside;
	struct error inside;

	(void)state;
	fail_errno(&inside, ENOENT, "image x");
	assert_int_equal(border_fail(&outside, &inside), -1);
	assert_int_equal(border_fail(NULL, &inside), -1);
	assert_int_equal(outside.kind, ZL_ERR_NOT_FOUND);
	assert_int_equal(outside.os_errno, ENOENT);
	assert_string_equal(outside.msg, inside.msg);
	assert_string_equal(zl_error_kind_name(outside.kind), "NotFound");
	assert_int_equal(zl_error_exit_status(ZL_ERR_COMMAND_NOT_FOUND), 127);
}

static void a_container_s_options_become_its_config(void **state)
{
	static const char *const env[] = { "A=1", "B=2", "A=3", NULL }, *const empty[] = { NULL };
	const struct zl_mount mounts[] = { { .type = ZL_MOUNT_TMPFS, .target = "/t" } };
	const struct zl_ulimit ulimits[] = { { .name = "nofile", .soft = 1, .hard = ZL_UNLIMITED } };
	struct zl_container_options options = {
		.size = sizeof(options),
		.name = "web",
		.image = "hello",
		.entrypoint = empty,
		.env = env,
		.mounts = mounts,
		.n_mounts = 1,
		.ulimits = ulimits,
		.n_ulimits = 1,
		.network_mode = ZL_NETWORK_NONE,
	};
	struct error err;
	AUTO(container_config) config = container_options_convert(&options, &err);

	(void)state;
	assert_non_null(config);
	assert_true(config->has_entrypoint && config->entrypoint.count == 0);
	assert_int_equal(config->env.count, 2);
	assert_string_equal(strv_env_get(&config->env, "A"), "3");
	assert_int_equal(config->mounts[0].mode, 01777);
	assert_true(config->ulimits[0].hard == UINT64_MAX);
	assert_int_equal(config->network_mode, NETWORK_NONE);
	assert_true(config->stop_grace_ms == GRACE_UNSET);
}

static void options_that_make_no_sense_name_what_is_wrong(void **state)
{
	static const char *const no_value[] = { "A", NULL };
	const struct zl_mount no_target[] = { { .type = ZL_MOUNT_TMPFS } };
	const struct {
		struct zl_container_options options;
		const char *message;
	} cases[] = {
		{ { .image = NULL }, "image: it is not set" },
		{ { .image = "" }, "image: it is not set" },
		{ { .image = "x", .env = no_value }, "env A: NAME=VALUE is wanted" },
		{ { .image = "x", .mounts = no_target, .n_mounts = 1 }, "mount 0: its type or target is not set" },
		{ { .image = "x", .network_mode = (enum zl_network_mode)9 }, "network mode 9: there is none such" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct error err = { 0 };

		assert_null(container_options_convert(&cases[i].options, &err));
		assert_string_equal(err.msg, cases[i].message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_of_an_older_program_read_as_zero_behind_its_end),
		cmocka_unit_test(options_of_a_newer_program_are_taken_when_they_ask_for_nothing_new),
		cmocka_unit_test(options_without_a_size_are_a_mistake_and_none_are_defaults),
		cmocka_unit_test(an_error_crosses_whole),
		cmocka_unit_test(a_container_s_options_become_its_config),
		cmocka_unit_test(options_that_make_no_sense_name_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
