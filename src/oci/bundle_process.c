/* bundle_process.c - the process section: command, environment, user, capabilities, limits, by docker's rules. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "oci/bundle_section.h"
#include "oci/default_capabilities.h"
#include "oci/rlimit_name.h"
#include "sys/capability.h"
#include "sys/userdb.h"

#define PATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void put_all(struct json_writer *w, const struct strv *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		json_put_text(w, NULL, texts->items[i]);
}

/* An entrypoint of the config, though empty, drops the image's entrypoint and cmd; args replace the image's cmd. */
static int write_args(struct bundle *b, struct error *err)
{
	const struct container_config *c = b->config;
	const struct image_config *image = b->image;
	bool has_own = c->has_entrypoint || c->entrypoint.count > 0;
	const struct strv *first = has_own ? &c->entrypoint : &image->entrypoint;
	const struct strv *second = c->args.count > 0 || has_own ? &c->args : &image->cmd;

	if (first->count + second->count == 0)
		return fail(err, ERR_INVALID_SPEC, "command: none given, and the image has none");
	json_open_array(&b->w, "args");
	put_all(&b->w, first);
	put_all(&b->w, second);
	json_close_array(&b->w);
	return 0;
}

/* Sets NAME=VALUE; an image's entry that is not of that form is left out. */
static int env_put(struct strv *env, const char *entry)
{
	const char *equals = strchr(entry, '=');
	autofree char *name = equals && equals != entry ? strndup(entry, (size_t)(equals - entry)) : NULL;

	if (!equals || equals == entry)
		return 0;
	return name ? strv_env_set(env, name, equals + 1) : -ENOMEM;
}

static int env_put_all(struct strv *env, const struct strv *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		if (env_put(env, entries->items[i]) < 0)
			return -ENOMEM;
	return 0;
}

static void wipe_env(struct strv *env)
{
	for (size_t i = 0; i < env->count; i++)
		explicit_bzero(env->items[i], strlen(env->items[i]));
	strv_done(env);
}

static int env_put_secret(struct bundle *b, struct strv *env, const char *entry, struct error *err)
{
	const struct secret_source *source = b->context->secrets;
	const char *equals = strchr(entry, '=');
	autofree char *name = strndup(entry, (size_t)(equals - entry));
	struct secret_value value = { 0 };
	int r;

	if (!name)
		return fail_oom(err);
	if (source->resolve(source, b->config->deployment, equals + 1, &value, err) < 0)
		return fail_while(err, "env %s", name);
	r = strv_env_set(env, name, value.bytes);
	secret_value_done(&value);
	return r < 0 ? fail_oom(err) : 0;
}

static int env_put_secrets(struct bundle *b, struct strv *env, struct error *err)
{
	if (!b->context->secrets)
		return 0;
	for (size_t i = 0; i < b->config->secret_env.count; i++)
		if (env_put_secret(b, env, b->config->secret_env.items[i], err) < 0)
			return -1;
	return 0;
}

/* What the image says overrides the defaults, the config overrides both. HOME comes with the user. */
static int fill_env(struct bundle *b, const char *home, struct strv *env, struct error *err)
{
	if (strv_env_set(env, "PATH", PATH_DEFAULT) < 0 || strv_env_set(env, "HOSTNAME", b->hostname) < 0 ||
	    env_put_all(env, &b->image->env) < 0 || env_put_all(env, &b->config->env) < 0)
		return fail_oom(err);
	if (env_put_secrets(b, env, err) < 0)
		return -1;
	if (home && !strv_env_get(env, "HOME") && strv_env_set(env, "HOME", home) < 0)
		return fail_oom(err);
	return 0;
}

static int write_env(struct bundle *b, const char *home, struct error *err)
{
	CLEANUP(wipe_env) struct strv env = { 0 };

	if (fill_env(b, home, &env, err) < 0)
		return -1;
	json_put_strv(&b->w, "env", &env);
	return 0;
}

static int write_cwd(struct bundle *b, struct error *err)
{
	const char *image = b->image->workdir && *b->image->workdir ? b->image->workdir : "/";
	autofree char *rooted = text_format("%s%s", *image == '/' ? "" : "/", image);

	if (!rooted)
		return fail_oom(err);
	json_put_text(&b->w, "cwd", b->config->workdir ? b->config->workdir : rooted);
	return 0;
}

static int no_user(const char *text, int r, struct error *err)
{
	switch (-r) {
	case EINVAL:
		return fail(err, ERR_INVALID_SPEC, "user `%s`: uid|name[:gid|name] is wanted", text);
	case ENOENT:
		return fail(err, ERR_INVALID_SPEC, "user `%s`: no such user in the image's /etc/passwd", text);
	case ENODATA:
		return fail(err, ERR_INVALID_SPEC, "user `%s`: no such group in the image's /etc/group", text);
	default:
		return fail_errno(err, r, "user `%s`", text);
	}
}

static void write_user(struct bundle *b, const struct userdb_user *user)
{
	json_open_object(&b->w, "user");
	json_put_u64(&b->w, "uid", user->uid);
	json_put_u64(&b->w, "gid", user->gid);
	json_open_array(&b->w, "additionalGids");
	for (size_t i = 0; i < user->n_groups; i++)
		json_put_u64(&b->w, NULL, user->groups[i]);
	json_close_array(&b->w);
	json_close_object(&b->w);
}

/* Without a root to look into, a leading number stands here for what else reads the file; ANNOTATION_USER is what
 * counts. */
static int find_user(struct bundle *b, struct userdb_user *ret, struct error *err)
{
	const char *text = b->user ? b->user : "";
	int r;

	if (b->user && !userdb_is_valid(b->user))
		return no_user(text, -EINVAL, err);
	if (!b->context->rootfs_fd) {
		autofree char *number = strndup(text, strcspn(text, ":"));

		if (!number)
			return fail_oom(err);
		(void)parse_u32(number, &ret->uid);
		return 0;
	}
	r = userdb_resolve(*b->context->rootfs_fd, b->user, ret);
	return r < 0 ? no_user(text, r, err) : 0;
}

static bool has_all(const struct strv *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcasecmp(names->items[i], "ALL") == 0)
			return true;
	return false;
}

static int add_to_mask(const char *field, const struct strv *names, uint64_t *mask, struct error *err)
{
	for (size_t i = 0; i < names->count; i++) {
		int number = capability_from_name(names->items[i]);

		if (strcasecmp(names->items[i], "ALL") == 0)
			continue;
		if (number < 0)
			return fail(err, ERR_INVALID_SPEC, "%s `%s`: unknown capability", field, names->items[i]);
		*mask |= CAPABILITY_BIT(number);
	}
	return 0;
}

/* As docker: ALL added wins over ALL dropped; what is named in cap_add is had though cap_drop says ALL, or names it
 * too. */
int bundle_capabilities(const struct container_config *config, uint64_t *ret, struct error *err)
{
	uint64_t available = capability_bounding(), added = 0, dropped = 0;

	if (add_to_mask("cap_add", &config->cap_add, &added, err) < 0 ||
	    add_to_mask("cap_drop", &config->cap_drop, &dropped, err) < 0)
		return -1;
	if (config->is_privileged) {
		*ret = available;
		return 0;
	}
	for (int i = 0; i < 64; i++)
		if (added & ~available & CAPABILITY_BIT(i))
			return fail(err, ERR_INVALID_SPEC, "cap_add `%s`: this process cannot give it",
				    capability_name(i));
	if (has_all(&config->cap_add))
		*ret = available & ~dropped;
	else if (has_all(&config->cap_drop))
		*ret = added;
	else
		*ret = (CAPABILITIES_DEFAULT & available & ~dropped) | added;
	return 0;
}

static void write_capability_set(struct json_writer *w, const char *key, uint64_t mask)
{
	json_open_array(w, key);
	for (int i = 0; i < 64; i++)
		if (mask & CAPABILITY_BIT(i) && capability_name(i))
			json_put_text(w, NULL, capability_name(i));
	json_close_array(w);
}

/* Inheritable and ambient are empty: a program of another user than root starts with none (docker, CVE-2022-24769). */
static void write_capabilities(struct bundle *b)
{
	json_open_object(&b->w, "capabilities");
	write_capability_set(&b->w, "bounding", b->capabilities);
	write_capability_set(&b->w, "effective", b->capabilities);
	write_capability_set(&b->w, "permitted", b->capabilities);
	json_close_object(&b->w);
}

static void write_rlimits(struct bundle *b)
{
	json_open_array(&b->w, "rlimits");
	for (size_t i = 0; i < b->config->n_ulimits; i++) {
		const struct container_ulimit *ulimit = &b->config->ulimits[i];

		json_open_object(&b->w, NULL);
		json_put_text(&b->w, "type", rlimit_oci_name(rlimit_from_ulimit(ulimit->name)));
		json_put_u64(&b->w, "hard", ulimit->hard);
		json_put_u64(&b->w, "soft", ulimit->soft);
		json_close_object(&b->w);
	}
	json_close_array(&b->w);
}

int bundle_write_process(struct bundle *b, struct error *err)
{
	AUTO_DONE(userdb_user) user = { 0 };

	if (find_user(b, &user, err) < 0)
		return -1;
	json_open_object(&b->w, "process");
	json_put_bool(&b->w, "terminal", false);
	write_user(b, &user);
	if (write_args(b, err) < 0 || write_env(b, user.home, err) < 0 || write_cwd(b, err) < 0)
		return -1;
	write_capabilities(b);
	write_rlimits(b);
	json_put_bool(&b->w, "noNewPrivileges", !b->config->is_privileged);
	json_close_object(&b->w);
	return 0;
}
