/* torture_container_config.c - out of memory while a container_config is made: an error, the config as it was. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <string.h>

#include "oci/container_config.h"
#include "support/alloc_fail.h"

static int add(struct container_config *config, struct error *err)
{
	size_t before = config->n_mounts;

	if (container_config_add_mount(config, MOUNT_BIND, "/a", "/data/./x", NULL, err) < 0) {
		assert_int_equal(config->n_mounts, before);
		return -1;
	}
	if (container_config_add_mount(config, MOUNT_ANONYMOUS, NULL, "/b", NULL, err) < 0)
		return -1;
	return container_config_add_ulimit(config, "NOFILE", 1, 2, err);
}

static int make(void *userdata)
{
	AUTO(container_config) config = container_config_new();
	struct error err = { 0 };

	(void)userdata;
	if (!config)
		return -1;
	config->image = strdup("busybox");
	config->workdir = strdup("/srv");
	if (!config->image || !config->workdir || strv_add(&config->env, "A=b") < 0)
		return -1;
	if (add(config, &err) < 0 || container_config_check(config, &err) < 0) {
		assert_int_equal(err.os_errno, ENOMEM);
		return -1;
	}
	return 0;
}

static void every_allocation_of_a_config_may_fail(void **state)
{
	(void)state;
	assert_true(alloc_fail_each(make, NULL) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_of_a_config_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
