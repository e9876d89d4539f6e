/* torture_seccomp_filter.c - out of memory while a profile is compiled and cached. */
#include "support/cmocka_setup.h"

#include <fcntl.h>
#include <seccomp.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "oci/seccomp_filter.h"
#include "support/alloc_fail.h"

static const char text[] = "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"],"
			   "\"syscalls\":[{\"names\":[\"read\",\"mseal\",\"no_such\"],\"action\":\"SCMP_ACT_ALLOW\"},"
			   "{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\","
			   "\"args\":[{\"index\":0,\"value\":16,\"op\":\"SCMP_CMP_MASKED_EQ\"}]}]}";

struct fixture {
	struct json_object *profile;
	char path[64];
	int cache;
};

static int setup(void **state)
{
	static struct fixture f;
	struct error err = { 0 };

	f.profile = json_parse(text, strlen(text), "profile", &err);
	snprintf(f.path, sizeof(f.path), "/tmp/zlayer-torture-XXXXXX");
	assert_non_null(mkdtemp(f.path));
	f.cache = open(f.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	json_object_put(f->profile);
	close(f->cache);
	dir_remove_tree(AT_FDCWD, f->path);
	return 0;
}

/* libseccomp 2.5.4 does not outlive it here: gen_bpf_generate frees what it could not make. */
int __real_seccomp_export_bpf(const scmp_filter_ctx context, int fd);
int __wrap_seccomp_export_bpf(const scmp_filter_ctx context, int fd);
int __wrap_seccomp_export_bpf(const scmp_filter_ctx context, int fd)
{
	int r;

	alloc_fail_pause();
	r = __real_seccomp_export_bpf(context, fd);
	alloc_fail_resume();
	return r;
}

static int compile(void *userdata)
{
	AUTO_DONE(seccomp_filter) filter = { 0 };
	struct fixture *f = userdata;
	struct error err = { 0 };

	if (seccomp_filter_compile(f->profile, &filter, &err) < 0) {
		assert_true(err.kind != ERR_NONE);
		assert_null(filter.own);
		return -1;
	}
	return 0;
}

static int get_cached(void *userdata)
{
	AUTO_DONE(seccomp_filter) filter = { 0 };
	struct fixture *f = userdata;
	struct error err = { 0 };

	if (seccomp_filter_get(f->profile, f->cache, &filter, &err) < 0) {
		assert_null(filter.own);
		return -1;
	}
	return filter.length > 0 ? 0 : -1;
}

static void every_allocation_of_compiling_may_fail(void **state)
{
	assert_true(alloc_fail_each(compile, *state) > 3);
}

static void every_allocation_of_reading_the_cache_may_fail(void **state)
{
	assert_int_equal(get_cached(*state), 0);
	assert_true(alloc_fail_each(get_cached, *state) > 3);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_allocation_of_compiling_may_fail),
		T(every_allocation_of_reading_the_cache_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
