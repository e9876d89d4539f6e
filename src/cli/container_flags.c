/* container_flags.c - the options that say what a container is. */
#include "cli/container_flags.h"

#include <string.h>

#include "base/signal_name.h"
#include "base/text.h"
#include "cli/environment.h"

static int option_network(void *target, const char *value, struct zl_error *err)
{
	static const char *const names[] = {
		[ZL_NETWORK_DEFAULT] = "default", [ZL_NETWORK_HOST] = "host", [ZL_NETWORK_NONE] = "none"
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(value, names[i]) == 0) {
			*(enum zl_network_mode *)target = (enum zl_network_mode)i;
			return 0;
		}
	}
	return command_error(err, ZL_ERR_UNSUPPORTED, 0, "%s: not available yet (default, host and none are)", value);
}

static int option_pull(void *target, const char *value, struct zl_error *err)
{
	static const struct {
		const char *name;
		enum zl_pull_policy policy;
	} policies[] = { { "always", ZL_PULL_ALWAYS },
			 { "missing", ZL_PULL_IF_NOT_PRESENT },
			 { "newer", ZL_PULL_NEWER },
			 { "never", ZL_PULL_NEVER } };

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		if (strcmp(value, policies[i].name) == 0) {
			*(enum zl_pull_policy *)target = policies[i].policy;
			return 0;
		}
	}
	return usage_error(err, "%s: always, missing, newer or never is wanted", value);
}

static int option_stop_signal(void *target, const char *value, struct zl_error *err)
{
	int signo;

	if (option_signal(&signo, value, err) < 0)
		return -1;
	*(const char **)target = value;
	return 0;
}

static int option_pids_limit(void *target, const char *value, struct zl_error *err)
{
	int64_t limit;

	if (parse_i64(value, &limit) < 0 || limit < -1 || limit > 4194304)
		return usage_error(err, "%s: a number of processes is wanted; -1 is unlimited", value);
	*(int64_t *)target = limit;
	return 0;
}

#define AT(member) offsetof(struct container_flags, member)

const struct command_option container_option_table[] = {
	{ "cap-add", 0, "CAPABILITY", "Add a Linux capability to the default set", option_list, AT(cap_add) },
	{ "cap-drop", 0, "CAPABILITY", "Take a Linux capability away", option_list, AT(cap_drop) },
	{ "cpus", 0, "CORES", "Limit processor time to that of so many cores", option_cpus, AT(cpus) },
	{ "entrypoint", 0, "PROGRAM", "Run this instead of the image's entrypoint", option_text, AT(entrypoint) },
	{ "env", 'e', "NAME[=VALUE]", "Set an environment variable, or pass one on", option_env, AT(env) },
	{ "env-file", 0, "FILE", "Read environment variables from a file", option_env_file, AT(env) },
	{ "hostname", 'h', "NAME", "Host name inside the container", option_text, AT(hostname) },
	{ "label", 'l', "NAME[=VALUE]", "Set a label", option_label, AT(labels) },
	{ "memory", 'm', "BYTES", "Limit memory: 64m, 1.5g", option_bytes, AT(memory_bytes) },
	{ "mount", 0, "KEY=VALUE,...", "Mount type=bind|volume|tmpfs: source, target, readonly", option_mount,
	  AT(mounts) },
	{ "name", 0, "NAME", "Name of the container", option_text, AT(name) },
	{ "network", 0, "MODE", "Network: default, host or none", option_network, AT(network) },
	{ "pids-limit", 0, "NUMBER", "Limit the number of processes; -1: unlimited", option_pids_limit,
	  AT(pids_limit) },
	{ "privileged", 0, NULL, "Give all capabilities and devices, no seccomp filter", option_flag,
	  AT(is_privileged) },
	{ "pull", 0, "POLICY", "Fetch the image: always, missing, newer or never", option_pull, AT(pull) },
	{ "read-only", 0, NULL, "Mount the root file system read-only", option_flag, AT(is_read_only) },
	{ "stop-signal", 0, "SIGNAL", "Signal that asks the container to stop", option_stop_signal, AT(stop_signal) },
	{ "stop-timeout", 0, "SECONDS", "Time to stop before it is killed (10)", option_seconds, AT(stop_timeout) },
	{ "tmpfs", 0, "TARGET[:OPTIONS]", "Mount a tmpfs: size, mode, ro", option_tmpfs, AT(mounts) },
	{ "ulimit", 0, "NAME=SOFT[:HARD]", "Set a resource limit", option_ulimit, AT(ulimits) },
	{ "user", 'u', "USER[:GROUP]", "User and group to run as, names or numbers", option_text, AT(user) },
	{ "volume", 'v', "[SOURCE:]TARGET[:ro]", "Mount a directory, a file or a volume", option_volume, AT(mounts) },
	{ "workdir", 'w', "PATH", "Working directory inside the container", option_text, AT(workdir) },
	{ 0 },
};

const struct command_option unavailable_option_table[] = {
	{ "add-host", 0, "HOST:IP" },
	{ "annotation", 0, "NAME=VALUE" },
	{ "attach", 'a', "STREAM" },
	{ "blkio-weight", 0, "WEIGHT" },
	{ "cgroup-parent", 0, "PATH" },
	{ "cgroupns", 0, "MODE" },
	{ "cpu-period", 0, "MICROSECONDS" },
	{ "cpu-quota", 0, "MICROSECONDS" },
	{ "cpu-shares", 'c', "SHARES" },
	{ "cpuset-cpus", 0, "CPUS" },
	{ "cpuset-mems", 0, "NODES" },
	{ "detach-keys", 0, "KEYS" },
	{ "device", 0, "DEVICE" },
	{ "dns", 0, "ADDRESS" },
	{ "dns-option", 0, "OPTION" },
	{ "dns-search", 0, "DOMAIN" },
	{ "domainname", 0, "NAME" },
	{ "expose", 0, "PORT" },
	{ "gpus", 0, "GPUS" },
	{ "group-add", 0, "GROUP" },
	{ "health-cmd", 0, "COMMAND" },
	{ "init" },
	{ "interactive", 'i' },
	{ "ip", 0, "ADDRESS" },
	{ "ipc", 0, "MODE" },
	{ "isolation", 0, "TECHNOLOGY" },
	{ "label-file", 0, "FILE" },
	{ "link", 0, "CONTAINER" },
	{ "log-driver", 0, "DRIVER" },
	{ "log-opt", 0, "OPTION" },
	{ "mac-address", 0, "ADDRESS" },
	{ "memory-reservation", 0, "BYTES" },
	{ "memory-swap", 0, "BYTES" },
	{ "memory-swappiness", 0, "PERCENT" },
	{ "network-alias", 0, "NAME" },
	{ "oom-kill-disable" },
	{ "oom-score-adj", 0, "SCORE" },
	{ "pid", 0, "MODE" },
	{ "platform", 0, "PLATFORM" },
	{ "publish", 'p', "PORTS" },
	{ "publish-all", 'P' },
	{ "quiet", 'q' },
	{ "restart", 0, "POLICY" },
	{ "runtime", 0, "NAME" },
	{ "security-opt", 0, "OPTION" },
	{ "shm-size", 0, "BYTES" },
	{ "sig-proxy" },
	{ "storage-opt", 0, "OPTION" },
	{ "sysctl", 0, "NAME=VALUE" },
	{ "tty", 't' },
	{ "userns", 0, "MODE" },
	{ "uts", 0, "MODE" },
	{ "volume-driver", 0, "NAME" },
	{ "volumes-from", 0, "CONTAINER" },
	{ 0 },
};

void container_flags_done(void *flags)
{
	struct container_flags *f = flags;

	strv_done(&f->env);
	strv_done(&f->labels);
	strv_done(&f->cap_add);
	strv_done(&f->cap_drop);
	mount_list_done(&f->mounts);
	ulimit_list_done(&f->ulimits);
}

static const char *const *list_of(const struct strv *v)
{
	return (const char *const *)v->items;
}

/* Docker's: --entrypoint "" drops the image's. */
static const char *const *entrypoint_list(const char *entrypoint, const char *room[2])
{
	if (!entrypoint)
		return NULL;
	room[0] = *entrypoint ? entrypoint : NULL;
	room[1] = NULL;
	return room;
}

void container_flags_options(const struct container_flags *flags, char **args, const char *entrypoint_room[2],
			     struct zl_container_options *ret)
{
	*ret = (struct zl_container_options){
		.size = sizeof(*ret),
		.name = flags->name,
		.image = args[0],
		.entrypoint = entrypoint_list(flags->entrypoint, entrypoint_room),
		.args = args[1] ? (const char *const *)args + 1 : NULL,
		.workdir = flags->workdir,
		.user = flags->user,
		.hostname = flags->hostname,
		.env = list_of(&flags->env),
		.labels = list_of(&flags->labels),
		.cap_add = list_of(&flags->cap_add),
		.cap_drop = list_of(&flags->cap_drop),
		.is_privileged = flags->is_privileged,
		.has_read_only_rootfs = flags->is_read_only,
		.mounts = flags->mounts.items,
		.n_mounts = flags->mounts.count,
		.ulimits = flags->ulimits.items,
		.n_ulimits = flags->ulimits.count,
		.cpus = flags->cpus,
		.memory_bytes = flags->memory_bytes,
		.pids_limit = flags->pids_limit,
		.stop_signal = flags->stop_signal,
		.has_stop_grace = flags->stop_timeout.is_set,
		.stop_grace_ms = flags->stop_timeout.ms,
		.network_mode = flags->network,
		.pull_policy = flags->pull,
	};
}
