/* runtime.c - the wrappers: what every backend may rely on is checked here once, and errors say what was being done. */
#include "runtime/runtime.h"

#include <string.h>

#include "base/text.h"

void runtime_free(struct runtime *rt)
{
	if (rt)
		rt->ops->close(rt);
}

static bool is_id(const char *id)
{
	return id && strlen(id) == ID_HEX_LENGTH && text_is_made_of(id, TEXT_HEX);
}

static int fail_missing(const char *id, struct error *err)
{
	return fail(err, ERR_NOT_FOUND, "container %.*s: there is no such container", 12, id ? id : "");
}

static int fail_unsupported(const struct runtime *rt, const char *what, struct error *err)
{
	return fail(err, ERR_UNSUPPORTED, "%s: the %s runtime cannot do this", what, rt->ops->name);
}

/* "start web.1: ": the name is looked up only now that there is something to say. */
static int fail_while_doing(struct runtime *rt, const char *verb, const char *id, struct error *err)
{
	AUTO(container_info) info = NULL;

	if (rt->ops->info(rt, id, &info, NULL) == 0 && info->name)
		return fail_while(err, "%s %s", verb, info->name);
	return fail_while(err, "%s %.12s", verb, id);
}

int runtime_pull_image(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err)
{
	return rt->ops->pull_image(rt, reference, policy, err);
}

int runtime_create(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		   struct error *err)
{
	const char *name = config->name ? config->name : config->image;

	if (container_config_check(config, err) < 0 || rt->ops->create(rt, config, ret_id, err) < 0)
		return fail_while(err, "create %s", name ? name : "container");
	return 0;
}

int runtime_start(struct runtime *rt, const char *id, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->start(rt, id, err) < 0 ? fail_while_doing(rt, "start", id, err) : 0;
}

int runtime_stop(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->stop(rt, id, signo, grace_ms, err) < 0 ? fail_while_doing(rt, "stop", id, err) : 0;
}

int runtime_kill(struct runtime *rt, const char *id, int signo, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->kill(rt, id, signo, err) < 0 ? fail_while_doing(rt, "kill", id, err) : 0;
}

int runtime_wait(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->wait(rt, id, ret, err) < 0 ? fail_while_doing(rt, "wait for", id, err) : 0;
}

int runtime_open_wait(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->open_wait(rt, id, ret_fd, err) < 0 ? fail_while_doing(rt, "wait for", id, err) : 0;
}

/* What cannot be an id names nothing, and removing nothing succeeds. */
int runtime_remove(struct runtime *rt, const char *id, unsigned flags, struct error *err)
{
	if (!is_id(id))
		return 0;
	return rt->ops->remove(rt, id, flags, err) < 0 ? fail_while_doing(rt, "remove", id, err) : 0;
}

int runtime_exec(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code, struct error *err)
{
	if (!(rt->ops->features & RUNTIME_EXEC))
		return fail_unsupported(rt, "exec", err);
	if (!is_id(id))
		return fail_missing(id, err);
	if (config->argv.count == 0 || !*config->argv.items[0])
		return fail(err, ERR_INVALID_SPEC, "exec: there is no program to run");
	return rt->ops->exec(rt, id, config, ret_code, err) < 0 ? fail_while_doing(rt, "exec in", id, err) : 0;
}

int runtime_open_logs(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
		      struct error *err)
{
	if (!(rt->ops->features & RUNTIME_LOGS))
		return fail_unsupported(rt, "logs", err);
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->open_logs(rt, id, options, ret, err) < 0 ? fail_while_doing(rt, "logs of", id, err) : 0;
}

int runtime_info(struct runtime *rt, const char *id, struct container_info **ret, struct error *err)
{
	return is_id(id) ? rt->ops->info(rt, id, ret, err) : fail_missing(id, err);
}

int runtime_list(struct runtime *rt, struct container_list *ret, struct error *err)
{
	return rt->ops->list(rt, ret, err) < 0 ? fail_while(err, "list containers") : 0;
}

int runtime_inspect(struct runtime *rt, const char *id, char **ret, struct error *err)
{
	return is_id(id) ? rt->ops->inspect(rt, id, ret, err) : fail_missing(id, err);
}

int runtime_open_network(struct runtime *rt, const char *id, int *ret_fd, struct error *err)
{
	if (!is_id(id))
		return fail_missing(id, err);
	return rt->ops->open_network(rt, id, ret_fd, err) < 0 ? fail_while_doing(rt, "network of", id, err) : 0;
}

int runtime_write_bundle(struct runtime *rt, const struct container_config *config, int dirfd,
			 const struct secret_source *secrets, struct error *err)
{
	if (!rt->ops->write_bundle)
		return fail_unsupported(rt, "bundle", err);
	if (container_config_check(config, err) < 0 || rt->ops->write_bundle(rt, config, dirfd, secrets, err) < 0)
		return fail_while(err, "bundle %s", config->name ? config->name : config->image);
	return 0;
}

int runtime_remove_volumes(struct runtime *rt, const char *deployment, struct error *err)
{
	if (!(rt->ops->features & RUNTIME_VOLUMES))
		return fail_unsupported(rt, "volumes", err);
	return rt->ops->remove_volumes(rt, deployment, err) < 0 ? fail_while(err, "volumes of %s", deployment) : 0;
}
