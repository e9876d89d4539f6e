/* cgroup_limits.c - limits as the files of v1 and v2 want them. */
#include "sys/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* One line a limit: where v1 and v2 keep it. */
struct limit_file {
	const char *controller, *v1, *v2;
};

static const struct limit_file memory_file = { "memory", "memory.limit_in_bytes", "memory.max" };
static const struct limit_file pids_file = { "pids", "pids.max", "pids.max" };

static bool is_pure_v2(const struct cgroup *group)
{
	return group->n == 1 && group->hierarchies[0].is_v2;
}

static int set(const struct cgroup *group, const struct limit_file *where, const char *value, const char **ret_file)
{
	const char *file = is_pure_v2(group) ? where->v2 : where->v1;
	int r = cgroup_write(group, where->controller, file, value);

	if (r < 0)
		*ret_file = file;
	return r;
}

/* "-1" is v1's word for no memory limit, "max" everyone else's. */
static int set_amount(const struct cgroup *group, const struct limit_file *where, int64_t amount, bool has_minus_one,
		      const char **ret_file)
{
	char text[24];

	if (amount == 0)
		return 0;
	if (amount < 0)
		return set(group, where, has_minus_one && !is_pure_v2(group) ? "-1" : "max", ret_file);
	snprintf(text, sizeof(text), "%lld", (long long)amount);
	return set(group, where, text, ret_file);
}

static int set_cpu_v2(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file)
{
	static const struct limit_file file = { "cpu", "cpu.max", "cpu.max" };
	char text[64];

	if (limits->cpu_quota_us < 0)
		snprintf(text, sizeof(text), "max %llu", (unsigned long long)limits->cpu_period_us);
	else
		snprintf(text, sizeof(text), "%lld %llu", (long long)limits->cpu_quota_us,
			 (unsigned long long)limits->cpu_period_us);
	return set(group, &file, text, ret_file);
}

static int set_cpu(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file)
{
	static const struct limit_file period = { "cpu", "cpu.cfs_period_us", NULL };
	static const struct limit_file quota = { "cpu", "cpu.cfs_quota_us", NULL };
	char text[24];
	int r;

	if (limits->cpu_quota_us == 0)
		return 0;
	if (is_pure_v2(group))
		return set_cpu_v2(group, limits, ret_file);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)limits->cpu_period_us);
	r = set(group, &period, text, ret_file);
	if (r < 0)
		return r;
	snprintf(text, sizeof(text), "%lld", (long long)limits->cpu_quota_us);
	return set(group, &quota, text, ret_file);
}

/* Each file is opened once for all its rules. */
static int set_devices_v1(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file)
{
	static const char *const names[2] = { "devices.deny", "devices.allow" };
	autoclose int deny = cgroup_open_file(group, "devices", names[0], O_WRONLY);
	autoclose int allow = cgroup_open_file(group, "devices", names[1], O_WRONLY);
	char text[DEVICE_RULE_TEXT_SIZE];

	for (size_t i = 0; i < limits->n_device_rules; i++) {
		const struct device_rule *rule = &limits->device_rules[i];
		int fd = rule->is_allowed ? allow : deny;

		*ret_file = names[rule->is_allowed];
		if (fd < 0)
			return fd;
		device_rule_format(rule, text);
		if (write(fd, text, strlen(text)) < 0)
			return -errno;
	}
	return 0;
}

static int set_devices(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file)
{
	if (limits->n_device_rules == 0)
		return 0;
	if (!is_pure_v2(group))
		return set_devices_v1(group, limits, ret_file);
	*ret_file = "device filter";
	return device_filter_attach(cgroup_clone_fd(group), limits->device_rules, limits->n_device_rules);
}

int cgroup_set_limits(const struct cgroup *group, const struct cgroup_limits *limits, const char **ret_file)
{
	int r = set_amount(group, &memory_file, limits->memory_bytes, true, ret_file);

	if (r == 0)
		r = set_amount(group, &pids_file, limits->pids, false, ret_file);
	if (r == 0)
		r = set_cpu(group, limits, ret_file);
	if (r == 0)
		r = set_devices(group, limits, ret_file);
	return r;
}
