/* config_read_linux.c - the linux section of config.json: namespaces, resources, devices, paths. */
#include <string.h>

#include "oci/config_reader.h"
#include "sys/namespace_type.h"

/* A device number's parts, as the kernel packs them. */
#define MAJOR_LIMIT 0xfff
#define MINOR_LIMIT 0xfffff

static int read_namespace(const struct object *item, unsigned long *seen, struct runtime_config *config,
			  struct error *err)
{
	const char *type = NULL;
	autofree char *path = NULL;
	unsigned long flag;

	if (json_get_text(item->json, "type", item->at, &type, err) < 0 ||
	    object_get_path(item, "path", &path, err) < 0)
		return -1;
	flag = type ? namespace_from_name(type) : 0;
	if (!flag)
		return fail(err, ERR_INVALID_SPEC, "%s.type: unknown namespace `%s`", item->at, type ? type : "");
	if (*seen & flag)
		return fail(err, ERR_INVALID_SPEC, "%s.type: `%s` is given twice", item->at, type);
	*seen |= flag;
	if (!path)
		config->namespaces |= flag;
	else if (strv_addf(&config->joined_namespaces, "%s=%s", type, path) < 0)
		return fail_oom(err);
	return 0;
}

static int read_namespaces(const struct object *from, struct runtime_config *config, struct error *err)
{
	struct json_object *list;
	unsigned long seen = 0;
	struct object item;
	size_t count;

	if (object_list(from, "namespaces", &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (object_item(from, "namespaces", list, i, &item, err) < 0 ||
		    read_namespace(&item, &seen, config, err) < 0)
			return -1;
	return 0;
}

static int read_device(const struct object *item, void *ret, struct error *err)
{
	struct runtime_device *device = ret;
	const char *type = NULL;

	device->mode = 0666;
	if (object_get_path(item, "path", &device->path, err) < 0 ||
	    json_get_text(item->json, "type", item->at, &type, err) < 0 ||
	    object_get_u32(item, "major", MAJOR_LIMIT, &device->major, NULL, err) < 0 ||
	    object_get_u32(item, "minor", MINOR_LIMIT, &device->minor, NULL, err) < 0 ||
	    object_get_u32(item, "fileMode", UINT32_MAX, &device->mode, NULL, err) < 0 ||
	    object_get_u32(item, "uid", UINT32_MAX - 1, &device->uid, NULL, err) < 0 ||
	    object_get_u32(item, "gid", UINT32_MAX - 1, &device->gid, NULL, err) < 0)
		return -1;
	if (!device->path)
		return fail(err, ERR_INVALID_SPEC, "%s.path: missing", item->at);
	if (!type || strlen(type) != 1 || !strchr("cubp", *type))
		return fail(err, ERR_INVALID_SPEC, "%s.type: c, b, u or p is wanted", item->at);
	device->type = *type == 'u' ? 'c' : *type;
	/* Some writers leave the file type in (docker does). */
	device->mode &= 07777;
	return 0;
}

static unsigned parse_access(const char *text)
{
	unsigned access = 0;

	for (; *text; text++) {
		unsigned bit = *text == 'r'   ? DEVICE_READ
			       : *text == 'w' ? DEVICE_WRITE
			       : *text == 'm' ? DEVICE_MKNOD
					      : 0;

		if (!bit)
			return 0;
		access |= bit;
	}
	return access;
}

static int read_device_rule(const struct object *item, void *ret, struct error *err)
{
	struct runtime_device_rule *rule = ret;
	const char *type = "a", *access = "rwm";

	rule->major = rule->minor = -1;
	if (json_get_bool(item->json, "allow", item->at, &rule->is_allowed, err) < 0 ||
	    json_get_text(item->json, "type", item->at, &type, err) < 0 ||
	    json_get_text(item->json, "access", item->at, &access, err) < 0 ||
	    object_get_i64(item, "major", -1, MAJOR_LIMIT, &rule->major, NULL, err) < 0 ||
	    object_get_i64(item, "minor", -1, MINOR_LIMIT, &rule->minor, NULL, err) < 0)
		return -1;
	/* An empty type is any, as runc reads it. */
	rule->type = *type ? *type : 'a';
	rule->access = parse_access(access);
	if (strlen(type) > 1 || !strchr("abc", rule->type))
		return fail(err, ERR_INVALID_SPEC, "%s.type: a, b or c is wanted", item->at);
	if (!rule->access)
		return fail(err, ERR_INVALID_SPEC, "%s.access: some of r, w and m are wanted", item->at);
	return 0;
}

static int read_resources(const struct object *from, struct runtime_config *config, struct error *err)
{
	struct object resources, memory, cpu, pids;
	int64_t period = 0;

	if (object_enter(from, "resources", &resources, err) < 0 ||
	    object_enter(&resources, "memory", &memory, err) < 0 || object_enter(&resources, "cpu", &cpu, err) < 0 ||
	    object_enter(&resources, "pids", &pids, err) < 0)
		return -1;
	if (object_get_i64(&memory, "limit", -1, INT64_MAX, &config->memory_limit, NULL, err) < 0 ||
	    object_get_i64(&cpu, "quota", -1, INT64_MAX, &config->cpu_quota_us, NULL, err) < 0 ||
	    object_get_i64(&cpu, "period", 0, 1000000, &period, NULL, err) < 0 ||
	    object_get_i64(&pids, "limit", -1, INT64_MAX, &config->pids_limit, NULL, err) < 0)
		return -1;
	config->cpu_period_us = (uint64_t)period;
	return object_read_list(&resources, "devices", sizeof(*config->device_rules), read_device_rule,
				&config->device_rules, &config->n_device_rules, err);
}

static int read_propagation(const struct object *from, struct runtime_config *config, struct error *err)
{
	static const char *const known[] = { "shared",  "slave",  "private",  "unbindable",
					     "rshared", "rslave", "rprivate", "runbindable" };

	if (json_get_dup(from->json, "rootfsPropagation", from->at, &config->root_propagation, err) < 0)
		return -1;
	if (!config->root_propagation)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(config->root_propagation, known[i]) == 0)
			return 0;
	return fail(err, ERR_INVALID_SPEC, "linux.rootfsPropagation: unknown `%s`", config->root_propagation);
}

/* The name becomes a path below /proc/sys. */
static int check_sysctls(const struct runtime_config *config, struct error *err)
{
	for (size_t i = 0; i < config->sysctls.count; i++) {
		const char *name = config->sysctls.items[i];
		size_t len = strcspn(name, "=");

		for (size_t j = 0; j < len; j++)
			if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/", name[j]))
				return fail(err, ERR_INVALID_SPEC, "linux.sysctl: `%.*s` is no name", (int)len, name);
		if (*name == '.' || *name == '/' || memmem(name, len, "..", 2))
			return fail(err, ERR_INVALID_SPEC, "linux.sysctl: `%.*s` is no name", (int)len, name);
	}
	return 0;
}

int config_read_linux(const struct object *root, struct runtime_config *config, struct error *err)
{
	struct object from;

	if (object_enter(root, "linux", &from, err) < 0)
		return -1;
	if (read_namespaces(&from, config, err) < 0 ||
	    object_read_list(&from, "devices", sizeof(*config->devices), read_device, &config->devices,
			     &config->n_devices, err) < 0 ||
	    read_resources(&from, config, err) < 0 || read_propagation(&from, config, err) < 0)
		return -1;
	if (object_get_paths(&from, "maskedPaths", &config->masked_paths, err) < 0 ||
	    object_get_paths(&from, "readonlyPaths", &config->read_only_paths, err) < 0 ||
	    json_get_dup(from.json, "cgroupsPath", from.at, &config->cgroups_path, err) < 0 ||
	    json_get_object(from.json, "seccomp", from.at, &config->seccomp, err) < 0 ||
	    object_get_map(&from, "sysctl", &config->sysctls, err) < 0)
		return -1;
	return check_sysctls(config, err);
}
