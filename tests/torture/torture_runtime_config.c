/* torture_runtime_config.c - out of memory while config.json is printed and parsed. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/text.h"
#include "oci/runtime_config.h"
#include "support/alloc_fail.h"

struct fixture {
	struct container_config *config;
	struct image_config image;
	struct bundle_context context;
	int root_fd;
	char *printed;
};

static char *volume_path(void *userdata, const struct container_mount *mount, struct error *err)
{
	char *path = text_format("/volumes/%s", mount->source ? mount->source : "x");

	(void)userdata;
	if (!path)
		fail_oom(err);
	return path;
}

static int resolve(const struct secret_source *source, const char *deployment, const char *reference,
		   struct secret_value *ret, struct error *err)
{
	char *copy = strdup("value");

	(void)source;
	(void)deployment;
	(void)reference;
	if (!copy)
		return fail_oom(err);
	*ret = (struct secret_value){ copy, strlen(copy) };
	return 0;
}

static const struct secret_source secrets = { resolve };

static int setup(void **state)
{
	static struct fixture f;
	struct error err = { 0 };

	f.config = container_config_new();
	f.root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	f.config->image = strdup("busybox");
	f.config->user = strdup("root");
	f.config->service = strdup("web");
	f.config->cpus = 0.5;
	strv_add(&f.config->args, "true");
	strv_add(&f.config->env, "A=b");
	strv_add(&f.config->secret_env, "S=$S:x");
	strv_add(&f.config->labels, "a=b");
	strv_add(&f.config->cap_drop, "SYS_CHROOT");
	container_config_add_mount(f.config, MOUNT_VOLUME, "v", "/v", NULL, &err);
	container_config_add_mount(f.config, MOUNT_TMPFS, NULL, "/t", NULL, &err);
	container_config_add_ulimit(f.config, "nofile", 1, 2, &err);
	strv_add(&f.image.env, "B=c");
	strv_add(&f.image.volumes, "/w/");
	strv_add(&f.image.labels, "c=d");
	f.context = (struct bundle_context){ .id = "0123456789abcdef", .name = "web", .volume_path = volume_path };
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	container_config_free(f->config);
	strv_done(&f->image.env);
	strv_done(&f->image.volumes);
	strv_done(&f->image.labels);
	free(f->printed);
	f->printed = NULL;
	close(f->root_fd);
	return 0;
}

static int print(void *userdata)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct fixture *f = userdata;
	struct error err = { 0 };

	if (runtime_config_print(f->config, &f->image, &f->context, &out, &err) < 0) {
		assert_int_equal(err.os_errno, ENOMEM);
		return -1;
	}
	return 0;
}

static void every_allocation_of_printing_may_fail(void **state)
{
	struct fixture *f = *state;

	assert_true(alloc_fail_each(print, f) > 20);
	f->context.rootfs_fd = &f->root_fd;
	f->context.secrets = &secrets;
	assert_true(alloc_fail_each(print, f) > 20);
}

static int parse(void *userdata)
{
	struct fixture *f = userdata;
	struct error err = { 0 };
	AUTO(runtime_config) config = runtime_config_parse(f->printed, strlen(f->printed), &err);

	if (!config) {
		assert_true(err.kind != ERR_NONE);
		return -1;
	}
	return 0;
}

static void every_allocation_of_parsing_may_fail(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct fixture *f = *state;
	struct error err = { 0 };

	assert_int_equal(runtime_config_print(f->config, &f->image, &f->context, &out, &err), 0);
	f->printed = strbuf_take(&out);
	assert_true(alloc_fail_each(parse, f) > 100);
}

static void every_allocation_of_parsing_all_that_there_is_may_fail(void **state)
{
	struct fixture *f = *state;

	f->printed =
		strdup("{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"a\"],\"cwd\":\"/\",\"user\":{"
		       "\"additionalGids\":[1,2]},\"rlimits\":[{\"type\":\"RLIMIT_CPU\",\"soft\":1,\"hard\":2}]},"
		       "\"root\":{\"path\":\"r\"},\"hostname\":\"h\",\"linux\":{\"namespaces\":[{\"type\":\"pid\","
		       "\"path\":\"/x\"}],\"devices\":[{\"path\":\"/d\",\"type\":\"c\"}],\"sysctl\":{\"a.b\":\"c\"},"
		       "\"rootfsPropagation\":\"slave\",\"maskedPaths\":[\"/m\"]}}");
	assert_true(alloc_fail_each(parse, f) > 10);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_allocation_of_printing_may_fail),
		T(every_allocation_of_parsing_may_fail),
		T(every_allocation_of_parsing_all_that_there_is_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
