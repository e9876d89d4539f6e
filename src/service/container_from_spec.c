/* container_from_spec.c - from a service of the spec to one container: each section of the service has its function. */
#include "service/container_from_spec.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "service/config_hash.h"
#include "service/env.h"

struct build {
	const struct replica_options *options;
	const struct spec_service *service;
	const struct spec_group *group; /* may be NULL */
	struct container_config *config;
	struct strv *warnings;
};

char *replica_name(const struct replica_options *options)
{
	const char *role = options->group ? options->group->role : NULL;

	return text_format("%s.%s%s%s.%u", options->deployment->deployment, options->service->name, role ? "." : "",
			   role ? role : "", options->replica);
}

static int set_text(char **member, const char *text, struct error *err)
{
	*member = text ? strdup(text) : NULL;
	return text && !*member ? fail_oom(err) : 0;
}

static int fill_identity(struct build *b, struct error *err)
{
	const struct spec_image *image = b->group && b->group->image ? b->group->image : &b->service->image;

	b->config->replica = b->options->replica;
	b->config->name = replica_name(b->options);
	if (!b->config->name)
		return fail_oom(err);
	if (set_text(&b->config->deployment, b->options->deployment->deployment, err) < 0 ||
	    set_text(&b->config->service, b->service->name, err) < 0 ||
	    set_text(&b->config->role, b->group ? b->group->role : NULL, err) < 0)
		return -1;
	return set_text(&b->config->image, image->name.typed, err);
}

/* A group's command overrides the service's, each part by itself. */
static int fill_command(struct build *b, struct error *err)
{
	const struct spec_command *of_service = &b->service->command, *of_group = b->group ? b->group->command : NULL;
	const struct spec_arguments *entrypoint = &of_service->entrypoint, *args = &of_service->args;
	const char *workdir = of_service->workdir;

	if (of_group && of_group->entrypoint.is_set)
		entrypoint = &of_group->entrypoint;
	if (of_group && of_group->args.is_set)
		args = &of_group->args;
	if (of_group && of_group->workdir)
		workdir = of_group->workdir;
	b->config->has_entrypoint = entrypoint->is_set;
	if (strv_copy(&b->config->entrypoint, &entrypoint->list) < 0 || strv_copy(&b->config->args, &args->list) < 0)
		return fail_oom(err);
	return set_text(&b->config->workdir, workdir, err);
}

static int fill_env(struct build *b, struct error *err)
{
	struct env_sources sources = {
		.service = b->service->name,
		.base = &b->service->env,
		.overrides = b->group ? &b->group->env : NULL,
		.environment = b->options->environment,
	};

	return env_resolve(&sources, &b->config->env, &b->config->secret_env, b->warnings, err);
}

static int fill_process(struct build *b, struct error *err)
{
	const struct spec_service *s = b->service;

	b->config->is_privileged = s->privileged;
	b->config->has_read_only_rootfs = s->read_only_root_fs;
	if (strv_copy(&b->config->cap_add, &s->capabilities) < 0 || strv_copy(&b->config->cap_drop, &s->cap_drop) < 0)
		return fail_oom(err);
	if (s->stop_grace_period != SPEC_NO_DURATION)
		b->config->stop_grace_ms =
			s->stop_grace_period / NSEC_PER_MSEC + (s->stop_grace_period % NSEC_PER_MSEC != 0);
	if (set_text(&b->config->user, s->user, err) < 0 || set_text(&b->config->hostname, s->hostname, err) < 0)
		return -1;
	return set_text(&b->config->stop_signal, s->stop_signal, err);
}

static int fill_limits(struct build *b, struct error *err)
{
	const struct spec_resources *of_service = &b->service->resources;
	const struct spec_resources *of_group = b->group && b->group->resources ? b->group->resources : of_service;
	double cpu = of_group->cpu >= 0 ? of_group->cpu : of_service->cpu;
	const struct spec_size *memory = of_group->memory.text ? &of_group->memory : &of_service->memory;
	int64_t pids = of_group->pids_limit != SPEC_UNSET ? of_group->pids_limit : of_service->pids_limit;

	b->config->cpus = cpu >= 0 ? cpu : 0;
	b->config->memory_bytes = memory->text ? memory->bytes : 0;
	b->config->pids_limit = pids != SPEC_UNSET ? pids : 0;
	if (memory->text && memory->bytes == UINT64_MAX)
		return fail(err, ERR_INVALID_SPEC, "resources.memory: %s is more than a machine can have",
			    memory->text);
	return 0;
}

/* Below 0 means without a limit, as docker has it. */
static uint64_t limit_of(int64_t value)
{
	return value < 0 ? UINT64_MAX : (uint64_t)value;
}

static int fill_ulimits(struct build *b, struct error *err)
{
	for (size_t i = 0; i < b->service->ulimits.count; i++) {
		const struct spec_ulimit *u = &b->service->ulimits.items[i];
		int64_t soft = u->soft != SPEC_UNSET ? u->soft : u->hard,
			hard = u->hard != SPEC_UNSET ? u->hard : u->soft;

		if (soft == SPEC_UNSET)
			soft = hard = 0;
		if (container_config_add_ulimit(b->config, u->name, limit_of(soft), limit_of(hard), err) < 0)
			return -1;
	}
	return 0;
}

static int add_bind(struct build *b, const struct spec_storage_bind *bind, struct error *err)
{
	const char *base = b->options->base_dir;
	autofree char *working_dir = NULL, *absolute = NULL;
	struct container_mount *mount;

	if (bind->source[0] != '/' && !base) {
		base = working_dir = getcwd(NULL, 0);
		if (!base)
			return fail_errno(err, errno, "working directory");
	}
	absolute = bind->source[0] == '/' ? strdup(bind->source) : text_format("%s/%s", base, bind->source);
	if (!absolute)
		return fail_oom(err);
	if (container_config_add_mount(b->config, MOUNT_BIND, absolute, bind->target, &mount, err) < 0)
		return -1;
	mount->is_read_only = bind->readonly;
	return 0;
}

/* A volume is the deployment's own: two deployments of one text do not share it. */
static int add_volume(struct build *b, const struct spec_storage_named *named, struct error *err)
{
	autofree char *volume = text_format("%s_%s", b->options->deployment->deployment, named->name);
	struct container_mount *mount;

	if (!volume)
		return fail_oom(err);
	if (container_config_add_mount(b->config, MOUNT_VOLUME, volume, named->target, &mount, err) < 0)
		return -1;
	mount->is_read_only = named->readonly;
	return 0;
}

static int add_tmpfs(struct build *b, const struct spec_storage_tmpfs *tmpfs, struct error *err)
{
	struct container_mount *mount;

	if (container_config_add_mount(b->config, MOUNT_TMPFS, NULL, tmpfs->target, &mount, err) < 0)
		return -1;
	mount->size_bytes = tmpfs->size.text ? tmpfs->size.bytes : 0;
	if (tmpfs->mode != SPEC_UNSET)
		mount->mode = (uint32_t)tmpfs->mode;
	return 0;
}

static int add_storage(struct build *b, const struct spec_storage *storage, struct error *err)
{
	switch (storage->type) {
	case SPEC_STORAGE_BIND:
		return add_bind(b, &storage->bind, err);
	case SPEC_STORAGE_NAMED:
		return add_volume(b, &storage->named, err);
	case SPEC_STORAGE_ANONYMOUS:
		return container_config_add_mount(b->config, MOUNT_ANONYMOUS, NULL, storage->anonymous.target, NULL,
						  err);
	case SPEC_STORAGE_TMPFS:
		return add_tmpfs(b, &storage->tmpfs, err);
	case SPEC_STORAGE_S3:
	case SPEC_STORAGE_UNSET:
		break;
	}
	return fail(err, ERR_UNSUPPORTED, "this type of storage is not there on this node");
}

static int fill_storage(struct build *b, struct error *err)
{
	for (size_t i = 0; i < b->service->storage.count; i++)
		if (add_storage(b, &b->service->storage.items[i], err) < 0)
			return fail_while(err, "storage[%zu]", i);
	return 0;
}

static int fill_network(struct build *b, struct error *err)
{
	switch (b->service->network_mode.kind) {
	case SPEC_NETWORK_DEFAULT:
		b->config->network_mode = NETWORK_DEFAULT;
		return 0;
	case SPEC_NETWORK_HOST:
		b->config->network_mode = NETWORK_HOST;
		return 0;
	case SPEC_NETWORK_NONE:
		b->config->network_mode = NETWORK_NONE;
		return 0;
	case SPEC_NETWORK_BRIDGE:
	case SPEC_NETWORK_CONTAINER:
		break;
	}
	return fail(err, ERR_UNSUPPORTED, "network_mode: bridge and container are not there on this node");
}

static char *join_dependencies(const struct spec_service *service)
{
	AUTO_DONE(strbuf) names = { 0 };

	strbuf_add_text(&names, "");
	for (size_t i = 0; i < service->depends.count; i++)
		strbuf_addf(&names, "%s%s", i > 0 ? "," : "", service->depends.items[i].service);
	return strbuf_take(&names);
}

static int fill_user_labels(struct build *b, struct error *err)
{
	for (size_t i = 0; i < b->service->labels.count; i++) {
		const struct spec_pair *label = &b->service->labels.items[i];

		if (strv_env_set(&b->config->labels, label->name, label->value) < 0)
			return fail_oom(err);
	}
	return 0;
}

/* The hash comes last and is of everything before; what the service depends on makes no new container. */
static int fill_own_labels(struct build *b, struct error *err)
{
	char hash[CONFIG_HASH_SIZE];
	autofree char *depends = join_dependencies(b->service);

	if (config_hash(b->config, hash, err) < 0)
		return -1;
	if (!depends || strv_env_set(&b->config->labels, LABEL_CONFIG_HASH, hash) < 0 ||
	    strv_env_set(&b->config->labels, LABEL_DEPENDS, depends) < 0)
		return fail_oom(err);
	return 0;
}

static int (*const sections[])(struct build *b, struct error *err) = {
	fill_identity, fill_command, fill_process, fill_limits,      fill_ulimits,
	fill_storage,  fill_network, fill_env,     fill_user_labels, fill_own_labels,
};

struct container_config *container_from_spec(const struct replica_options *options, struct strv *warnings,
					     struct error *err)
{
	AUTO(container_config) config = container_config_new();
	struct build b = { options, options->service, options->group, config, warnings };

	if (!config) {
		fail_oom(err);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (sections[i](&b, err) < 0) {
			fail_while(err, "service %s", options->service->name);
			return NULL;
		}
	if (container_config_check(config, err) < 0) {
		fail_while(err, "service %s", options->service->name);
		return NULL;
	}
	return TAKE_PTR(config);
}
