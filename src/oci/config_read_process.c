/* config_read_process.c - the process section of config.json. */
#include <string.h>

#include "oci/config_reader.h"
#include "oci/rlimit_name.h"
#include "sys/capability.h"

/* (uid_t)-1 and (gid_t)-1 mean "leave it" to the kernel. */
#define ID_LIMIT (UINT32_MAX - 1)

static int read_groups(const struct object *user, struct runtime_config *config, struct error *err)
{
	struct json_object *list;
	size_t count;

	if (object_list(user, "additionalGids", &list, &count, err) < 0 ||
	    object_allocate(count, sizeof(*config->extra_gids), &config->extra_gids, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		int64_t id = json_object_get_int64(item);

		if (!json_object_is_type(item, json_type_int) || id < 0 || id > ID_LIMIT)
			return fail(err, ERR_INVALID_SPEC, "%s.additionalGids[%zu]: a group id is wanted", user->at, i);
		config->extra_gids[config->n_extra_gids++] = (uint32_t)id;
	}
	return 0;
}

static int read_user(const struct object *process, struct runtime_config *config, struct error *err)
{
	struct object user;

	if (object_enter(process, "user", &user, err) < 0 ||
	    object_get_u32(&user, "uid", ID_LIMIT, &config->uid, NULL, err) < 0 ||
	    object_get_u32(&user, "gid", ID_LIMIT, &config->gid, NULL, err) < 0 ||
	    object_get_u32(&user, "umask", 0777, &config->umask, &config->has_umask, err) < 0)
		return -1;
	return read_groups(&user, config, err);
}

static int read_capability_set(const struct object *capabilities, const char *key, uint64_t *ret, struct error *err)
{
	AUTO_DONE(strv) names = { 0 };
	uint64_t mask = 0;

	if (json_get_strv(capabilities->json, key, capabilities->at, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		int number = capability_from_name(names.items[i]);

		if (number < 0)
			return fail(err, ERR_INVALID_SPEC, "%s.%s[%zu]: unknown capability `%s`", capabilities->at, key,
				    i, names.items[i]);
		mask |= CAPABILITY_BIT(number);
	}
	*ret = mask;
	return 0;
}

static int read_capabilities(const struct object *process, struct runtime_config *config, struct error *err)
{
	const struct {
		const char *key;
		uint64_t *mask;
	} sets[] = {
		{ "bounding", &config->cap_bounding },       { "effective", &config->cap_effective },
		{ "permitted", &config->cap_permitted },     { "ambient", &config->cap_ambient },
		{ "inheritable", &config->cap_inheritable },
	};
	struct object capabilities;

	if (object_enter(process, "capabilities", &capabilities, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (read_capability_set(&capabilities, sets[i].key, sets[i].mask, err) < 0)
			return -1;
	return 0;
}

static int read_rlimit(const struct object *item, void *ret, struct error *err)
{
	struct runtime_rlimit *limit = ret;
	const char *type = NULL;

	if (json_get_text(item->json, "type", item->at, &type, err) < 0 ||
	    json_get_u64(item->json, "soft", item->at, &limit->soft, err) < 0 ||
	    json_get_u64(item->json, "hard", item->at, &limit->hard, err) < 0)
		return -1;
	limit->resource = type ? rlimit_from_oci(type) : -1;
	if (limit->resource < 0)
		return fail(err, ERR_INVALID_SPEC, "%s.type: unknown limit `%s`", item->at, type ? type : "");
	if (!json_member(item->json, "soft") || !json_member(item->json, "hard") || limit->soft > limit->hard)
		return fail(err, ERR_INVALID_SPEC, "%s: soft and hard are wanted, soft at most hard", item->at);
	return 0;
}

static int read_rlimits(const struct object *process, struct runtime_config *config, struct error *err)
{
	unsigned seen = 0;

	if (object_read_list(process, "rlimits", sizeof(*config->rlimits), read_rlimit, &config->rlimits,
			     &config->n_rlimits, err) < 0)
		return -1;
	for (size_t i = 0; i < config->n_rlimits; i++) {
		unsigned bit = 1U << config->rlimits[i].resource;

		if (seen & bit)
			return fail(err, ERR_INVALID_SPEC, "%s.rlimits[%zu].type: `%s` is given twice", process->at, i,
				    rlimit_oci_name(config->rlimits[i].resource));
		seen |= bit;
	}
	return 0;
}

static int read_env(const struct object *process, struct runtime_config *config, struct error *err)
{
	if (json_get_strv(process->json, "env", process->at, &config->env, err) < 0)
		return -1;
	for (size_t i = 0; i < config->env.count; i++)
		if (config->env.items[i][0] == '=' || !strchr(config->env.items[i], '='))
			return fail(err, ERR_INVALID_SPEC, "%s.env[%zu]: NAME=VALUE is wanted", process->at, i);
	return 0;
}

static int read_oom_score(const struct object *process, struct runtime_config *config, struct error *err)
{
	int64_t value = 0;

	if (object_get_i64(process, "oomScoreAdj", -1000, 1000, &value, &config->has_oom_score_adj, err) < 0)
		return -1;
	config->oom_score_adj = (int)value;
	return 0;
}

int config_read_process(const struct object *root, struct runtime_config *config, struct error *err)
{
	struct object process;

	if (object_enter(root, "process", &process, err) < 0)
		return -1;
	if (!process.json)
		return fail(err, ERR_INVALID_SPEC, "process: missing");
	if (json_get_strv(process.json, "args", process.at, &config->args, err) < 0 ||
	    object_get_path(&process, "cwd", &config->cwd, err) < 0 || read_env(&process, config, err) < 0 ||
	    json_get_bool(process.json, "terminal", process.at, &config->has_terminal, err) < 0 ||
	    json_get_bool(process.json, "noNewPrivileges", process.at, &config->has_no_new_privileges, err) < 0)
		return -1;
	if (config->args.count == 0)
		return fail(err, ERR_INVALID_SPEC, "process.args: at least one is wanted");
	if (!config->cwd)
		return fail(err, ERR_INVALID_SPEC, "process.cwd: missing");
	if (read_user(&process, config, err) < 0 || read_capabilities(&process, config, err) < 0 ||
	    read_rlimits(&process, config, err) < 0)
		return -1;
	return read_oom_score(&process, config, err);
}
