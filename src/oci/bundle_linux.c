/* bundle_linux.c - the linux section: namespaces, resources, devices, hidden paths, seccomp. */
#include <sys/stat.h>
#include <unistd.h>

#include "oci/bundle_section.h"
#include "oci/seccomp_filter.h"

#define CPU_PERIOD_US 100000

/* moby, daemon/pkg/oci/defaults.go (/proc/interrupts: GHSA-6fw5-f8r9-fgfm; powercap: GHSA-jq35-85cj-fj4p). */
static const char *const masked_paths[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/interrupts",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/sys/devices/virtual/powercap",
	"/sys/firmware",
};

static const char *const read_only_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

/* What a container may touch by default, as runc: making any node, and the nodes that every container has. */
static const struct {
	char type;
	int major, minor; /* -1: any */
	const char *access;
} device_rules[] = {
	{ 'c', -1, -1, "m" }, { 'b', -1, -1, "m" }, { 'c', 1, 3, "rwm" }, { 'c', 1, 5, "rwm" }, { 'c', 1, 7, "rwm" },
	{ 'c', 1, 8, "rwm" }, { 'c', 1, 9, "rwm" }, { 'c', 5, 0, "rwm" }, { 'c', 5, 2, "rwm" }, { 'c', 136, -1, "rwm" },
};

static void write_device_rule(struct json_writer *w, bool is_allowed, char type, int major, int minor,
			      const char *access)
{
	json_open_object(w, NULL);
	json_put_bool(w, "allow", is_allowed);
	if (type)
		json_put_text(w, "type", (char[]){ type, '\0' });
	if (major >= 0)
		json_put_i64(w, "major", major);
	if (minor >= 0)
		json_put_i64(w, "minor", minor);
	json_put_text(w, "access", access);
	json_close_object(w);
}

static void write_device_rules(struct bundle *b)
{
	json_open_array(&b->w, "devices");
	write_device_rule(&b->w, b->config->is_privileged, '\0', -1, -1, "rwm");
	for (size_t i = 0; i < ARRAY_SIZE(device_rules) && !b->config->is_privileged; i++)
		write_device_rule(&b->w, true, device_rules[i].type, device_rules[i].major, device_rules[i].minor,
				  device_rules[i].access);
	json_close_array(&b->w);
}

/* Beside the nodes that every container has: all of the host's, when it is privileged. */
static void write_device_nodes(struct bundle *b)
{
	const struct device_list *list = b->config->is_privileged ? b->context->host_devices : NULL;

	json_open_array(&b->w, "devices");
	for (size_t i = 0; list && i < list->count; i++) {
		const struct device_node *node = &list->items[i];

		json_open_object(&b->w, NULL);
		json_put_text(&b->w, "path", node->path);
		json_put_text(&b->w, "type", S_ISBLK(node->mode) ? "b" : "c");
		json_put_u64(&b->w, "major", node->major);
		json_put_u64(&b->w, "minor", node->minor);
		json_put_u64(&b->w, "fileMode", node->mode & 07777);
		json_put_u64(&b->w, "uid", node->uid);
		json_put_u64(&b->w, "gid", node->gid);
		json_close_object(&b->w);
	}
	json_close_array(&b->w);
}

static void write_limits(struct bundle *b)
{
	const struct container_config *c = b->config;

	if (c->memory_bytes > 0) {
		json_open_object(&b->w, "memory");
		json_put_u64(&b->w, "limit", c->memory_bytes);
		json_close_object(&b->w);
	}
	if (c->cpus > 0) {
		json_open_object(&b->w, "cpu");
		json_put_i64(&b->w, "quota", (int64_t)(c->cpus * CPU_PERIOD_US + 0.5));
		json_put_u64(&b->w, "period", CPU_PERIOD_US);
		json_close_object(&b->w);
	}
	if (c->pids_limit > 0) {
		json_open_object(&b->w, "pids");
		json_put_i64(&b->w, "limit", c->pids_limit);
		json_close_object(&b->w);
	}
}

static void write_namespaces(struct bundle *b)
{
	static const char *const always[] = { "pid", "ipc", "uts", "mount", "cgroup" };

	json_open_array(&b->w, "namespaces");
	for (size_t i = 0; i <= ARRAY_SIZE(always); i++) {
		if (i == ARRAY_SIZE(always) && b->config->network_mode == NETWORK_HOST)
			break;
		json_open_object(&b->w, NULL);
		json_put_text(&b->w, "type", i < ARRAY_SIZE(always) ? always[i] : "network");
		json_close_object(&b->w);
	}
	json_close_array(&b->w);
}

static void write_paths(struct json_writer *w, const char *const *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		json_put_text(w, NULL, paths[i]);
}

#define THERMAL_PATH(cpu) "/sys/devices/system/cpu/cpu" cpu "/thermal_throttle"

/* Temperatures of each CPU, where the machine has them: a side channel (GHSA-6fw5-f8r9-fgfm). */
static void write_thermal_paths(struct json_writer *w)
{
	long n = access(THERMAL_PATH("0"), F_OK) == 0 ? sysconf(_SC_NPROCESSORS_CONF) : 0;
	char path[80];

	for (long i = 0; i < n; i++) {
		snprintf(path, sizeof(path), THERMAL_PATH("%ld"), i);
		if (access(path, F_OK) == 0)
			json_put_text(w, NULL, path);
	}
}

static void write_hidden_paths(struct bundle *b)
{
	json_open_array(&b->w, "maskedPaths");
	if (!b->config->is_privileged) {
		write_paths(&b->w, masked_paths, ARRAY_SIZE(masked_paths));
		write_thermal_paths(&b->w);
	}
	json_close_array(&b->w);
	json_open_array(&b->w, "readonlyPaths");
	if (!b->config->is_privileged)
		write_paths(&b->w, read_only_paths, ARRAY_SIZE(read_only_paths));
	json_close_array(&b->w);
}

/* The prebuilt filter is the default capabilities'; what others have stands in the file. */
bool bundle_has_seccomp(const struct bundle *b)
{
	return !b->config->is_privileged &&
	       (b->context->has_inline_seccomp || !seccomp_profile_is_default(b->capabilities));
}

int bundle_write_linux(struct bundle *b, struct error *err)
{
	(void)err;
	json_open_object(&b->w, "linux");
	json_open_object(&b->w, "resources");
	write_device_rules(b);
	write_limits(b);
	json_close_object(&b->w);
	write_device_nodes(b);
	if (b->context->cgroups_path)
		json_put_text(&b->w, "cgroupsPath", b->context->cgroups_path);
	write_namespaces(b);
	json_put_text(&b->w, "rootfsPropagation", "private");
	write_hidden_paths(b);
	if (bundle_has_seccomp(b))
		seccomp_profile_print(&b->w, "seccomp", b->capabilities);
	json_close_object(&b->w);
	return 0;
}
