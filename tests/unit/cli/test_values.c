/* test_values.c - the small grammars of docker's options. */
#include "support/cmocka_setup.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/environment.h"
#include "cli/mount_option.h"
#include "cli/option_value.h"
#include "cli/time_option.h"
#include "cli/ulimit_option.h"

static void sizes_count_in_units_of_1024(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{ "0", 0 },
		{ "1024", 1024 },
		{ "512b", 512 },
		{ "4k", 4096 },
		{ "64m", 64 << 20 },
		{ "64M", 64 << 20 },
		{ "64MB", 64 << 20 },
		{ "64MiB", 64 << 20 },
		{ "64 m", 64 << 20 },
		{ "1.5g", 1610612736 },
		{ "2t", 2199023255552ULL },
	};
	static const char *const bad[] = { "", "m", "-1", "1.m", ".5g", "64mm", "0x40", "1e3", "64q", "9999999p" };
	uint64_t bytes = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(option_parse_bytes(good[i].text, &bytes), 0);
		assert_int_equal(bytes, good[i].bytes);
	}
	bytes = 7;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(option_parse_bytes(bad[i], &bytes) < 0);
	assert_int_equal(bytes, 7);
}

static void cores_are_above_zero(void **state)
{
	static const char *const bad[] = { "0", "0.0", "-1", "nan", "inf", "1e1", "two", "" };
	struct zl_error err;
	double cores = 0;

	(void)state;
	assert_int_equal(option_cpus(&cores, "1.5", &err), 0);
	assert_true(cores == 1.5);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(option_cpus(&cores, bad[i], &err), -1);
}

/* ---- mounts ---- */

static void volumes_are_paths_names_or_nothing(void **state)
{
	static const struct {
		const char *text;
		enum zl_mount_type type;
		const char *source, *target;
		bool is_read_only;
	} cases[] = {
		{ "/tmp:/data", ZL_MOUNT_BIND, "/tmp", "/data", false },
		{ "/tmp:/data:ro", ZL_MOUNT_BIND, "/tmp", "/data", true },
		{ "/tmp:/data:ro,rw", ZL_MOUNT_BIND, "/tmp", "/data", false },
		{ "db:/data:rw", ZL_MOUNT_VOLUME, "db", "/data", false },
		{ "a.b_c-d:/x", ZL_MOUNT_VOLUME, "a.b_c-d", "/x", false },
		{ "/data", ZL_MOUNT_ANONYMOUS, NULL, "/data", false },
	};
	struct mount_list list = { 0 };
	struct zl_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct zl_mount *mount;

		assert_int_equal(option_volume(&list, cases[i].text, &err), 0);
		mount = &list.items[list.count - 1];
		assert_int_equal(mount->type, cases[i].type);
		assert_string_equal(mount->target, cases[i].target);
		assert_int_equal(mount->is_read_only, cases[i].is_read_only);
		assert_true((mount->source == NULL) == (cases[i].source == NULL));
		if (mount->source)
			assert_string_equal(mount->source, cases[i].source);
	}
	mount_list_done(&list);
}

static void bad_volumes_are_refused(void **state)
{
	static const char *const bad[] = {
		"",       ":",          "/a:",        ":/b",       "/tmp:b",          "db:data",
		"-db:/x", "/tmp:/b:zz", "/a:/b:ro:x", "d b:/data", "/nowhere/here:/b"
	};
	struct mount_list list = { 0 };
	struct zl_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(option_volume(&list, bad[i], &err), -1);
	assert_int_equal(list.count, 0);
	mount_list_done(&list);
}

static void a_relative_source_is_meant_from_here(void **state)
{
	struct mount_list list = { 0 };
	struct zl_error err;
	char here[4096];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(option_volume(&list, ".:/src", &err), 0);
	assert_string_equal(list.items[0].source, here);
	mount_list_done(&list);
}

static void mounts_are_keys_and_values(void **state)
{
	struct mount_list list = { 0 };
	struct zl_error err;

	(void)state;
	assert_int_equal(option_mount(&list, "type=bind,src=/tmp,dst=/a,readonly", &err), 0);
	assert_int_equal(list.items[0].type, ZL_MOUNT_BIND);
	assert_true(list.items[0].is_read_only);
	assert_int_equal(option_mount(&list, "source=db,target=/b,readonly=false", &err), 0);
	assert_int_equal(list.items[1].type, ZL_MOUNT_VOLUME);
	assert_false(list.items[1].is_read_only);
	assert_int_equal(option_mount(&list, "target=/c", &err), 0);
	assert_int_equal(list.items[2].type, ZL_MOUNT_ANONYMOUS);
	assert_int_equal(option_mount(&list, "type=tmpfs,destination=/d,tmpfs-size=1m,tmpfs-mode=700", &err), 0);
	assert_int_equal(list.items[3].size_bytes, 1 << 20);
	assert_int_equal(list.items[3].mode, 0700);
	mount_list_done(&list);
}

static void bad_mounts_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"type=bind,target=/a",
		"type=bind,source=/nowhere/here,target=/a",
		"type=nfs,target=/a",
		"type=volume,source=/tmp,target=/a",
		"type=tmpfs,source=x,target=/a",
		"source=db",
		"target=relative",
		"target=",
		"target=/a,tmpfs-size=1m",
		"target=/a,colour=red",
		"type=tmpfs,target=/a,tmpfs-mode=888",
		"type=tmpfs,target=/a,tmpfs-mode=17777",
	};
	struct mount_list list = { 0 };
	struct zl_error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(option_mount(&list, bad[i], &err), -1);
	assert_int_equal(list.count, 0);
	mount_list_done(&list);
}

static void a_tmpfs_has_a_size_and_a_mode(void **state)
{
	struct mount_list list = { 0 };
	struct zl_error err;

	(void)state;
	assert_int_equal(option_tmpfs(&list, "/run", &err), 0);
	assert_int_equal(list.items[0].size_bytes, 0);
	assert_int_equal(option_tmpfs(&list, "/run:size=64m,mode=1777,ro", &err), 0);
	assert_int_equal(list.items[1].size_bytes, 64 << 20);
	assert_int_equal(list.items[1].mode, 01777);
	assert_true(list.items[1].is_read_only);
	assert_int_equal(option_tmpfs(&list, "run", &err), -1);
	mount_list_done(&list);
}

/* ---- the rest ---- */

static void ulimits_have_one_number_or_two(void **state)
{
	static const char *const bad[] = { "nofile",       "nofile=",   "files=1", "nofile=2:1",
					   "nofile=1:2:3", "nofile=-2", "=1" };
	struct ulimit_list list = { 0 };
	struct zl_error err;

	(void)state;
	assert_int_equal(option_ulimit(&list, "nofile=1024", &err), 0);
	assert_int_equal(option_ulimit(&list, "core=0:-1", &err), 0);
	assert_int_equal(option_ulimit(&list, "nofile=1:2", &err), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[0].soft, 1);
	assert_int_equal(list.items[0].hard, 2);
	assert_true(list.items[1].hard == ZL_UNLIMITED);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(option_ulimit(&list, bad[i], &err), -1);
	ulimit_list_done(&list);
}

static void a_name_alone_takes_the_caller_s_value(void **state)
{
	AUTO_DONE(strv) env = { 0 };
	struct zl_error err;

	(void)state;
	setenv("ZL_TEST_SET", "here", 1);
	unsetenv("ZL_TEST_UNSET");
	assert_int_equal(option_env(&env, "A=$S:literal", &err), 0);
	assert_int_equal(option_env(&env, "ZL_TEST_SET", &err), 0);
	assert_int_equal(option_env(&env, "ZL_TEST_UNSET", &err), 0);
	assert_int_equal(option_env(&env, "=x", &err), -1);
	assert_int_equal(env.count, 2);
	assert_string_equal(env.items[0], "A=$S:literal");
	assert_string_equal(env.items[1], "ZL_TEST_SET=here");
}

static void an_env_file_is_read_line_by_line(void **state)
{
	char path[] = "/tmp/zlayer-env-XXXXXX";
	static const char text[] = "\xef\xbb\xbf# comment\n\nA=1 two\r\n  B=  kept\nZL_TEST_SET\nC=a=b#c\nD=";
	AUTO_DONE(strv) env = { 0 };
	autoclose int fd = mkstemp(path);
	struct zl_error err;

	(void)state;
	setenv("ZL_TEST_SET", "here", 1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(option_env_file(&env, path, &err), 0);
	assert_int_equal(env.count, 5);
	assert_string_equal(env.items[0], "A=1 two");
	assert_string_equal(env.items[1], "B=  kept");
	assert_string_equal(env.items[2], "ZL_TEST_SET=here");
	assert_string_equal(env.items[3], "C=a=b#c");
	assert_string_equal(env.items[4], "D=");
	assert_int_equal(write(fd, "\nBAD NAME=1\n", 12), 12);
	assert_int_equal(option_env_file(&env, path, &err), -1);
	assert_non_null(strstr(err.msg, ":8: BAD NAME: a name has no blanks in it"));
	unlink(path);
}

static void points_in_time_have_many_forms(void **state)
{
	const uint64_t now = 1700000000 * NSEC_PER_SEC;
	static const struct {
		const char *text;
		uint64_t ns;
	} good[] = {
		{ "1699999990", 1699999990 * NSEC_PER_SEC },
		{ "1699999990.5", 1699999990 * NSEC_PER_SEC + NSEC_PER_SEC / 2 },
		{ "10s", 1699999990 * NSEC_PER_SEC },
		{ "1m30s", 1699999910 * NSEC_PER_SEC },
		{ "1.5h", 1699994600 * NSEC_PER_SEC },
		{ "250ms", 1700000000 * NSEC_PER_SEC - 250 * NSEC_PER_MSEC },
		{ "2023-11-14T22:13:10Z", 1699999990 * NSEC_PER_SEC },
		{ "2023-11-14T23:13:10.25+01:00", 1699999990 * NSEC_PER_SEC + NSEC_PER_SEC / 4 },
	};
	static const char *const bad[] = { "", "yesterday", "10x", "-5m", "2023-13-14", "1h 5", "0x10s", "1e3s" };
	uint64_t ns;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(option_parse_time(good[i].text, now, &ns), 0);
		assert_true(ns == good[i].ns);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(option_parse_time(bad[i], now, &ns) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_count_in_units_of_1024),
		cmocka_unit_test(cores_are_above_zero),
		cmocka_unit_test(volumes_are_paths_names_or_nothing),
		cmocka_unit_test(bad_volumes_are_refused),
		cmocka_unit_test(a_relative_source_is_meant_from_here),
		cmocka_unit_test(mounts_are_keys_and_values),
		cmocka_unit_test(bad_mounts_are_refused),
		cmocka_unit_test(a_tmpfs_has_a_size_and_a_mode),
		cmocka_unit_test(ulimits_have_one_number_or_two),
		cmocka_unit_test(a_name_alone_takes_the_caller_s_value),
		cmocka_unit_test(an_env_file_is_read_line_by_line),
		cmocka_unit_test(points_in_time_have_many_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
