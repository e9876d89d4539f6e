/* test_container_config.c - what a container may be asked to be. */
#include "support/cmocka_setup.h"

#include <math.h>
#include <string.h>

#include "oci/container_config.h"

static struct container_config *valid(void)
{
	struct container_config *config = container_config_new();

	assert_non_null(config);
	config->image = strdup("busybox");
	return config;
}

static void an_empty_config_with_an_image_is_valid(void **state)
{
	AUTO(container_config) config = valid();
	struct error err = { 0 };

	(void)state;
	assert_int_equal(container_config_check(config, &err), 0);
	assert_true(config->stop_grace_ms == GRACE_UNSET);
	free(config->image);
	config->image = NULL;
	assert_int_equal(container_config_check(config, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID_SPEC);
}

/* A text member and what is right and wrong in it. */
static void check_member(size_t offset, const char *const *good, const char *const *bad, const char *field)
{
	AUTO(container_config) config = valid();
	char **member = (char **)((char *)config + offset);
	struct error err = { 0 };

	for (; *good; good++) {
		free(*member);
		*member = strdup(*good);
		if (container_config_check(config, &err) < 0)
			print_message("%s `%s`: %s\n", field, *good, err.msg);
		assert_int_equal(container_config_check(config, &err), 0);
	}
	for (; *bad; bad++) {
		free(*member);
		*member = strdup(*bad);
		if (container_config_check(config, &err) == 0)
			print_message("%s `%s` passes\n", field, *bad);
		assert_int_equal(container_config_check(config, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
		assert_memory_equal(err.msg, field, strlen(field));
	}
}

#define NAME_OF_253                                                                                            \
	"a123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" \
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" \
	"01234567890123456789012345678901234567890123456789012"
#define HOSTNAME_OF_63 "a23456789012345678901234567890123456789012345678901234567890123"

static void texts_follow_their_grammar(void **state)
{
	(void)state;
	check_member(offsetof(struct container_config, name),
		     (const char *[]){ "a", "web.1", "0-_.", NAME_OF_253, NULL },
		     (const char *[]){ "", "-a", ".a", "a/b", "a b", "\xc3\xa9", NAME_OF_253 "x", "..", NULL }, "name");
	check_member(offsetof(struct container_config, hostname),
		     (const char *[]){ "a", "web-1", "a.b.c", "1", HOSTNAME_OF_63, NULL },
		     (const char *[]){ "", "-a", "a-", "a..b", ".a", "a.", "a_b", "a/b", HOSTNAME_OF_63 "4", NULL },
		     "hostname");
	check_member(offsetof(struct container_config, user),
		     (const char *[]){ "0", "root", "1000:1000", "www-data:adm", "4294967294", "a.b", NULL },
		     (const char *[]){ "", "1x", "1:2:3", "a b", ":", "1:", "4294967295", "-1", NULL }, "user");
	check_member(offsetof(struct container_config, stop_signal),
		     (const char *[]){ "TERM", "SIGUSR1", "sigint", "9", "RTMIN+3", NULL },
		     (const char *[]){ "", "SIG", "0", "65", "TERMX", NULL }, "stop signal");
	check_member(offsetof(struct container_config, workdir), (const char *[]){ "/", "/a/b/", NULL },
		     (const char *[]){ "", "a", "./a", "/a/../b", NULL }, "workdir");
}

static void check_list(size_t offset, const char *const *good, const char *const *bad)
{
	struct error err = { 0 };

	for (; *good; good++) {
		AUTO(container_config) config = valid();

		strv_add((struct strv *)((char *)config + offset), *good);
		assert_int_equal(container_config_check(config, &err), 0);
	}
	for (; *bad; bad++) {
		AUTO(container_config) config = valid();

		strv_add((struct strv *)((char *)config + offset), *bad);
		if (container_config_check(config, &err) == 0)
			print_message("`%s` passes\n", *bad);
		assert_int_equal(container_config_check(config, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
	}
}

static void lists_follow_their_grammar(void **state)
{
	(void)state;
	check_list(offsetof(struct container_config, env), (const char *[]){ "A=", "a.b=c=d", "A=\n", NULL },
		   (const char *[]){ "", "A", "=x", NULL });
	check_list(offsetof(struct container_config, secret_env), (const char *[]){ "A=$S:x", "A=$S:@s/x", NULL },
		   (const char *[]){ "A=x", "A", "=$S:x", "A=$S:", "A=$E:x", NULL });
	check_list(
		offsetof(struct container_config, labels),
		(const char *[]){ "a=", "com.example/x=y z", "zlayer.mine=1", NULL },
		(const char *[]){ "", "a", "=b", "a b=c", "a\n=c", LABEL_DEPLOYMENT "=x", LABEL_REPLICA "=1", NULL });
	check_list(offsetof(struct container_config, cap_add),
		   (const char *[]){ "ALL", "all", "kill", "CAP_KILL", NULL },
		   (const char *[]){ "", "CAP_", "NONE", "21", NULL });
	check_list(offsetof(struct container_config, cap_drop), (const char *[]){ "ALL", "Net_Raw", NULL },
		   (const char *[]){ "", "x", NULL });
}

static void an_error_never_shows_the_value_of_a_secret(void **state)
{
	AUTO(container_config) config = valid();
	struct error err = { 0 };

	(void)state;
	strv_add(&config->secret_env, "TOKEN=hunter2");
	assert_int_equal(container_config_check(config, &err), -1);
	assert_null(strstr(err.msg, "hunter2"));
}

static void limits_have_ranges(void **state)
{
	static const double bad_cpus[] = { -1, 0.009, 65537, NAN, INFINITY };
	static const int64_t bad_pids[] = { -2, 4194305 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad_cpus); i++) {
		AUTO(container_config) config = valid();

		config->cpus = bad_cpus[i];
		assert_int_equal(container_config_check(config, &err), -1);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad_pids); i++) {
		AUTO(container_config) config = valid();

		config->pids_limit = bad_pids[i];
		assert_int_equal(container_config_check(config, &err), -1);
	}
}

static void mounts_have_clean_absolute_targets_once_each(void **state)
{
	AUTO(container_config) config = valid();
	struct container_mount *mount = NULL;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(container_config_add_mount(config, MOUNT_BIND, "/src", "//data/./x/", &mount, &err), 0);
	assert_string_equal(mount->target, "/data/x");
	assert_int_equal(container_config_add_mount(config, MOUNT_TMPFS, NULL, "/tmp", &mount, &err), 0);
	assert_int_equal(mount->mode, 01777);
	assert_int_equal(container_config_add_mount(config, MOUNT_VOLUME, "data", "/data/x", NULL, &err), -1);
	assert_non_null(strstr(err.msg, "second mount"));
	assert_int_equal(config->n_mounts, 2);
	assert_int_equal(container_config_check(config, &err), 0);
}

static void bad_mounts_are_refused(void **state)
{
	static const struct {
		enum mount_type type;
		const char *source, *target;
	} bad[] = {
		{ MOUNT_BIND, "relative", "/a" }, { MOUNT_BIND, NULL, "/a" },     { MOUNT_BIND, "/a", "relative" },
		{ MOUNT_BIND, "/a", "/" },        { MOUNT_BIND, "/a", "/./" },    { MOUNT_BIND, "/a", "/a/../b" },
		{ MOUNT_BIND, "/a", "" },         { MOUNT_VOLUME, "../x", "/a" }, { MOUNT_VOLUME, "a/b", "/a" },
		{ MOUNT_VOLUME, "", "/a" },       { MOUNT_VOLUME, NULL, "/a" },   { MOUNT_TMPFS, "x", "/a" },
		{ MOUNT_ANONYMOUS, "x", "/a" },   { MOUNT_VOLUME, "v", "/a=b" },
	};
	AUTO(container_config) config = valid();
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(
			container_config_add_mount(config, bad[i].type, bad[i].source, bad[i].target, NULL, &err), -1);
		assert_int_equal(err.kind, ERR_INVALID_SPEC);
	}
	assert_int_equal(config->n_mounts, 0);
}

static void ulimits_are_known_and_ordered(void **state)
{
	AUTO(container_config) config = valid();
	struct error err = { 0 };

	(void)state;
	assert_int_equal(container_config_add_ulimit(config, "NoFile", 10, UINT64_MAX, &err), 0);
	assert_string_equal(config->ulimits[0].name, "nofile");
	assert_int_equal(container_config_add_ulimit(config, "nofile", 1, 2, &err), -1);
	assert_int_equal(container_config_add_ulimit(config, "files", 1, 2, &err), -1);
	assert_int_equal(container_config_add_ulimit(config, "core", 3, 2, &err), -1);
	assert_int_equal(config->n_ulimits, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_config_with_an_image_is_valid),
		cmocka_unit_test(texts_follow_their_grammar),
		cmocka_unit_test(lists_follow_their_grammar),
		cmocka_unit_test(an_error_never_shows_the_value_of_a_secret),
		cmocka_unit_test(limits_have_ranges),
		cmocka_unit_test(mounts_have_clean_absolute_targets_once_each),
		cmocka_unit_test(bad_mounts_are_refused),
		cmocka_unit_test(ulimits_are_known_and_ordered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
