/* container_options.c - the public options of a container to a container_config. */
#include "lib/container_options.h"

#include <string.h>

#include "lib/border.h"

/* A text of the config, and where the options have it. */
static int copy_text(char **ret, const char *text, struct error *err)
{
	if (!text)
		return 0;
	*ret = strdup(text);
	return *ret ? 0 : fail_oom(err);
}

static int copy_texts(struct container_config *config, const struct zl_container_options *options, struct error *err)
{
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{ &config->name, options->name },         { &config->image, options->image },
		{ &config->workdir, options->workdir },   { &config->user, options->user },
		{ &config->hostname, options->hostname }, { &config->stop_signal, options->stop_signal },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (copy_text(texts[i].to, texts[i].from, err) < 0)
			return -1;
	return 0;
}

/* NAME=VALUE, where a later one replaces an earlier one. */
static int copy_pairs(struct strv *ret, const char *what, const char *const *list, struct error *err)
{
	for (; list && *list; list++) {
		const char *equals = strchr(*list, '=');
		autofree char *name = equals ? strndup(*list, (size_t)(equals - *list)) : NULL;

		if (!equals)
			return fail(err, ERR_INVALID_SPEC, "%s %s: NAME=VALUE is wanted", what, *list);
		if (!name || strv_env_set(ret, name, equals + 1) < 0)
			return fail_oom(err);
	}
	return 0;
}

static int copy_lists(struct container_config *config, const struct zl_container_options *options, struct error *err)
{
	config->has_entrypoint = options->entrypoint != NULL;
	if (border_read_strings(&config->entrypoint, options->entrypoint, err) < 0 ||
	    border_read_strings(&config->args, options->args, err) < 0 ||
	    border_read_strings(&config->cap_add, options->cap_add, err) < 0 ||
	    border_read_strings(&config->cap_drop, options->cap_drop, err) < 0 ||
	    copy_pairs(&config->env, "env", options->env, err) < 0 ||
	    copy_pairs(&config->labels, "label", options->labels, err) < 0)
		return -1;
	return 0;
}

static int copy_mounts(struct container_config *config, const struct zl_container_options *options, struct error *err)
{
	static const enum mount_type types[] = {
		[ZL_MOUNT_BIND] = MOUNT_BIND,
		[ZL_MOUNT_VOLUME] = MOUNT_VOLUME,
		[ZL_MOUNT_ANONYMOUS] = MOUNT_ANONYMOUS,
		[ZL_MOUNT_TMPFS] = MOUNT_TMPFS,
	};

	for (size_t i = 0; i < options->n_mounts; i++) {
		const struct zl_mount *from = &options->mounts[i];
		struct container_mount *mount;

		if ((unsigned)from->type >= ARRAY_SIZE(types) || !from->target)
			return fail(err, ERR_INVALID_SPEC, "mount %zu: its type or target is not set", i);
		if (container_config_add_mount(config, types[from->type], from->source, from->target, &mount, err) < 0)
			return -1;
		mount->is_read_only = from->is_read_only;
		mount->size_bytes = from->size_bytes;
		mount->mode = from->mode ? from->mode : 01777;
	}
	return 0;
}

static int copy_ulimits(struct container_config *config, const struct zl_container_options *options, struct error *err)
{
	for (size_t i = 0; i < options->n_ulimits; i++) {
		const struct zl_ulimit *limit = &options->ulimits[i];

		if (!limit->name)
			return fail(err, ERR_INVALID_SPEC, "ulimit %zu: it has no name", i);
		if (container_config_add_ulimit(config, limit->name, limit->soft, limit->hard, err) < 0)
			return -1;
	}
	return 0;
}

static void copy_numbers(struct container_config *config, const struct zl_container_options *options)
{
	static const enum network_mode networks[] = {
		[ZL_NETWORK_DEFAULT] = NETWORK_DEFAULT,
		[ZL_NETWORK_HOST] = NETWORK_HOST,
		[ZL_NETWORK_NONE] = NETWORK_NONE,
	};

	config->is_privileged = options->is_privileged;
	config->has_read_only_rootfs = options->has_read_only_rootfs;
	config->cpus = options->cpus;
	config->memory_bytes = options->memory_bytes;
	config->pids_limit = options->pids_limit;
	config->stop_grace_ms = options->has_stop_grace ? options->stop_grace_ms : GRACE_UNSET;
	config->network_mode = networks[options->network_mode];
	config->has_auto_remove = options->has_auto_remove;
}

struct container_config *container_options_convert(const struct zl_container_options *options, struct error *err)
{
	AUTO(container_config) config = container_config_new();

	if (!config) {
		fail_oom(err);
		return NULL;
	}
	if (!options->image || !*options->image) {
		fail(err, ERR_INVALID_SPEC, "image: it is not set");
		return NULL;
	}
	if ((unsigned)options->network_mode > ZL_NETWORK_NONE) {
		fail(err, ERR_INVALID_SPEC, "network mode %d: there is none such", (int)options->network_mode);
		return NULL;
	}
	copy_numbers(config, options);
	if (copy_texts(config, options, err) < 0 || copy_lists(config, options, err) < 0 ||
	    copy_mounts(config, options, err) < 0 || copy_ulimits(config, options, err) < 0 ||
	    container_config_check(config, err) < 0)
		return NULL;
	return TAKE_PTR(config);
}
