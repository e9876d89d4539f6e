/* test_cgroup.c - groups are made, limited, joined and removed, below a parent of their own; device rules as text. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "sys/cgroup.h"

static char path[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "zlayer-test-%d/group", (int)getpid());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return cgroup_remove(path);
}

/* Skips where this machine lets nobody make groups. */
static void make(struct cgroup *group)
{
	int r = cgroup_make(path, group);

	if (r == -ENOENT || r == -EROFS || r == -EACCES)
		skip();
	assert_int_equal(r, 0);
}

static void a_group_is_made_once_and_removed_with_its_parent(void **state)
{
	AUTO_DONE(cgroup) group = { 0 };
	AUTO_DONE(cgroup) again = { 0 };

	(void)state;
	make(&group);
	assert_true(group.n > 0);
	assert_int_equal(cgroup_make(path, &again), -EEXIST);
	assert_int_equal(cgroup_open(path, &again), 0);
	assert_int_equal(again.n, group.n);
	assert_int_equal(cgroup_remove(path), 0);
	assert_int_equal(cgroup_remove(path), 0);
	cgroup_done(&again);
	assert_int_equal(cgroup_open(path, &again), -ENOENT);
	*strchr(path, '/') = '\0';
	assert_int_equal(cgroup_open(path, &again), -ENOENT);
}

static void remove_from(const char *hierarchy)
{
	autofree char *child = text_format("/sys/fs/cgroup/%s/%s", hierarchy, path);
	autofree char *parent = text_format("/sys/fs/cgroup/%s/zlayer-test-%d", hierarchy, (int)getpid());

	assert_int_equal(rmdir(child), 0);
	assert_int_equal(rmdir(parent), 0);
}

/* What stands in the last hierarchy makes the making fail there, after it has succeeded in the others. */
static void a_failed_making_leaves_nothing(void **state)
{
	AUTO_DONE(cgroup) group = { 0 };
	AUTO_DONE(cgroup) left = { 0 };
	size_t n;

	(void)state;
	make(&group);
	n = group.n;
	for (size_t i = 0; i + 1 < n; i++)
		remove_from(group.hierarchies[i].name);
	assert_int_equal(cgroup_make(path, &left), -EEXIST);
	*strchr(path, '/') = '\0';
	assert_int_equal(cgroup_open(path, &left), 0);
	assert_int_equal(left.n, 1);
	*(path + strlen(path)) = '/';
}

static void limits_are_what_the_kernel_says(void **state)
{
	struct cgroup_limits limits = {
		.memory_bytes = 64 << 20, .pids = 17, .cpu_quota_us = 50000, .cpu_period_us = 100000
	};
	AUTO_DONE(cgroup) group = { 0 };
	const char *file = NULL;
	char text[64];

	(void)state;
	make(&group);
	assert_int_equal(cgroup_set_limits(&group, &limits, &file), 0);
	assert_true(cgroup_read(&group, "pids", "pids.max", text, sizeof(text)) > 0);
	assert_string_equal(text, "17\n");
	if (cgroup_read(&group, "memory", "memory.limit_in_bytes", text, sizeof(text)) < 0)
		assert_true(cgroup_read(&group, "memory", "memory.max", text, sizeof(text)) > 0);
	assert_string_equal(text, "67108864\n");
	assert_int_equal(cgroup_oom_kills(&group), 0);
	limits.cpu_quota_us = 1;
	assert_true(cgroup_set_limits(&group, &limits, &file) < 0);
	assert_int_equal(strncmp(file, "cpu.", 4), 0);
}

static void removal_kills_who_is_in_it(void **state)
{
	AUTO_DONE(cgroup) group = { 0 };
	int status;
	pid_t pid;

	(void)state;
	make(&group);
	pid = fork();
	if (pid == 0) {
		if (cgroup_join(&group, true) < 0)
			_exit(1);
		raise(SIGSTOP);
		pause();
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(cgroup_kill(&group), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(cgroup_remove(path), 0);
}

static void a_device_rule_is_written_as_the_kernel_reads_it(void **state)
{
	static const struct {
		struct device_rule rule;
		const char *text;
	} cases[] = {
		{ { true, 'a', -1, -1, 7 }, "a *:* rwm" },
		{ { true, 'c', 1, 3, 7 }, "c 1:3 rwm" },
		{ { false, 'b', 8, -1, DEVICE_ACCESS_MKNOD }, "b 8:* m" },
		{ { true, 'c', -1, 0, DEVICE_ACCESS_READ | DEVICE_ACCESS_WRITE }, "c *:0 rw" },
		{ { true, 'c', INT64_MAX, INT64_MAX, 7 }, "c 9223372036854775807:9223372036854775807 rwm" },
	};
	char text[DEVICE_RULE_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		device_rule_format(&cases[i].rule, text);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_group_is_made_once_and_removed_with_its_parent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failed_making_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(limits_are_what_the_kernel_says, set_up, tear_down),
		cmocka_unit_test_setup_teardown(removal_kills_who_is_in_it, set_up, tear_down),
		cmocka_unit_test(a_device_rule_is_written_as_the_kernel_reads_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
