/* container_config.c - making and freeing what one container needs; its checks stand in container_config_check.c. */
#include "oci/container_config.h"

#include <limits.h>
#include <string.h>

#define MOUNTS_LIMIT 1024
#define TMPFS_MODE_DEFAULT 01777

struct container_config *container_config_new(void)
{
	struct container_config *config = calloc(1, sizeof(*config));

	if (config)
		config->stop_grace_ms = GRACE_UNSET;
	return config;
}

void container_config_free(struct container_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_mounts; i++) {
		free(config->mounts[i].source);
		free(config->mounts[i].target);
	}
	for (size_t i = 0; i < config->n_ulimits; i++)
		free(config->ulimits[i].name);
	free(config->mounts);
	free(config->ulimits);
	free(config->name);
	free(config->deployment);
	free(config->service);
	free(config->role);
	free(config->image);
	free(config->workdir);
	free(config->user);
	free(config->hostname);
	free(config->stop_signal);
	strv_done(&config->entrypoint);
	strv_done(&config->args);
	strv_done(&config->env);
	strv_done(&config->secret_env);
	strv_done(&config->labels);
	strv_done(&config->cap_add);
	strv_done(&config->cap_drop);
	free(config);
}

/* Room for one more item behind the last, zeroed; NULL when memory is out. */
static void *grow(void *array, size_t count, size_t size)
{
	char *grown = reallocarray(array, count + 1, size);

	if (grown)
		memset(grown + count * size, 0, size);
	return grown;
}

static int check_mount(const struct container_config *config, const struct container_mount *mount, struct error *err)
{
	if (container_mount_check(mount, err) < 0)
		return -1;
	for (size_t i = 0; i < config->n_mounts; i++)
		if (strcmp(config->mounts[i].target, mount->target) == 0)
			return fail(err, ERR_INVALID_SPEC, "mount %s: a second mount at the same target",
				    mount->target);
	if (config->n_mounts == MOUNTS_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "mount %s: more than %d mounts", mount->target, MOUNTS_LIMIT);
	return 0;
}

int container_config_add_mount(struct container_config *config, enum mount_type type, const char *source,
			       const char *target, struct container_mount **ret, struct error *err)
{
	autofree char *own_source = source ? strdup(source) : NULL, *own_target = container_path_clean(target);
	struct container_mount mount = { .type = type, .source = own_source, .target = own_target };
	struct container_mount *grown;

	if ((source && !own_source) || (!own_target && errno == ENOMEM))
		return fail_oom(err);
	if (!own_target)
		return fail(err, ERR_INVALID_SPEC, "mount %s: an absolute path without `..` is wanted", target);
	if (check_mount(config, &mount, err) < 0)
		return -1;
	grown = grow(config->mounts, config->n_mounts, sizeof(*grown));
	if (!grown)
		return fail_oom(err);
	config->mounts = grown;
	mount.mode = type == MOUNT_TMPFS ? TMPFS_MODE_DEFAULT : 0;
	mount.source = TAKE_PTR(own_source);
	mount.target = TAKE_PTR(own_target);
	grown[config->n_mounts] = mount;
	if (ret)
		*ret = &grown[config->n_mounts];
	config->n_mounts++;
	return 0;
}

int container_config_add_ulimit(struct container_config *config, const char *name, uint64_t soft, uint64_t hard,
				struct error *err)
{
	struct container_ulimit *grown;
	autofree char *copy = strdup(name);

	if (!copy)
		return fail_oom(err);
	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (container_ulimit_check(&(struct container_ulimit){ copy, soft, hard }, err) < 0)
		return -1;
	for (size_t i = 0; i < config->n_ulimits; i++)
		if (strcmp(config->ulimits[i].name, copy) == 0)
			return fail(err, ERR_INVALID_SPEC, "ulimit %s: given twice", copy);
	grown = grow(config->ulimits, config->n_ulimits, sizeof(*grown));
	if (!grown)
		return fail_oom(err);
	config->ulimits = grown;
	grown[config->n_ulimits++] = (struct container_ulimit){ TAKE_PTR(copy), soft, hard };
	return 0;
}
