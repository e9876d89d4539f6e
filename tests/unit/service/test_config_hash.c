/* test_config_hash.c - every member that makes a container what it is changes the hash. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "service/config_hash.h"

static struct container_config *make(void)
{
	struct container_config *c = container_config_new();

	c->name = strdup("demo.web.1");
	c->image = strdup("busybox");
	strv_add(&c->args, "true");
	container_config_add_mount(c, MOUNT_VOLUME, "data", "/data", NULL, NULL);
	container_config_add_ulimit(c, "nofile", 10, 20, NULL);
	return c;
}

static void set(char **member, const char *text)
{
	free(*member);
	*member = strdup(text);
}

#define CHANGES(X)                             \
	X(set(&c->image, "other"))             \
	X(set(&c->workdir, "/w"))              \
	X(set(&c->user, "1"))                  \
	X(set(&c->hostname, "h"))              \
	X(set(&c->stop_signal, "INT"))         \
	X(strv_add(&c->entrypoint, "e"))       \
	X(c->has_entrypoint = true)            \
	X(strv_add(&c->args, "a"))             \
	X(strv_add(&c->env, "A=1"))            \
	X(strv_add(&c->secret_env, "A=$S:a"))  \
	X(strv_add(&c->labels, "a=b"))         \
	X(strv_add(&c->cap_add, "ALL"))        \
	X(strv_add(&c->cap_drop, "ALL"))       \
	X(c->is_privileged = true)             \
	X(c->has_read_only_rootfs = true)      \
	X(c->cpus = 0.5)                       \
	X(c->memory_bytes = 1 << 20)           \
	X(c->pids_limit = 7)                   \
	X(c->stop_grace_ms = 5)                \
	X(c->network_mode = NETWORK_HOST)      \
	X(set(&c->mounts[0].source, "other"))  \
	X(set(&c->mounts[0].target, "/other")) \
	X(c->mounts[0].type = MOUNT_BIND)      \
	X(c->mounts[0].is_read_only = true)    \
	X(c->mounts[0].size_bytes = 1)         \
	X(c->mounts[0].mode = 1)               \
	X(set(&c->ulimits[0].name, "core"))    \
	X(c->ulimits[0].soft = 1)              \
	X(c->ulimits[0].hard = 30)

#define X(change)                                                  \
	{                                                          \
		AUTO(container_config) c = make();                 \
		char hash[CONFIG_HASH_SIZE];                       \
                                                                   \
		change;                                            \
		assert_int_equal(config_hash(c, hash, NULL), 0);   \
		if (strcmp(hash, before) == 0)                     \
			print_error("no new hash: %s\n", #change); \
		assert_string_not_equal(hash, before);             \
	}

static void every_member_changes_it(void **state)
{
	AUTO(container_config) unchanged = make();
	char before[CONFIG_HASH_SIZE];

	(void)state;
	assert_int_equal(config_hash(unchanged, before, NULL), 0);
	CHANGES(X)
}

static void the_name_and_the_identity_do_not(void **state)
{
	AUTO(container_config) a = make();
	AUTO(container_config) b = make();
	char of_a[CONFIG_HASH_SIZE], of_b[CONFIG_HASH_SIZE];

	(void)state;
	set(&b->name, "demo.web.2");
	set(&b->deployment, "demo");
	b->replica = 2;
	b->has_auto_remove = true;
	config_hash(a, of_a, NULL);
	config_hash(b, of_b, NULL);
	assert_string_equal(of_a, of_b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_member_changes_it),
		cmocka_unit_test(the_name_and_the_identity_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
