/* plan_process.c - the process section: program, environment with the values of secrets, user, capabilities, limits. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "oci/seccomp_filter.h"
#include "runtime/native/native.h"

/* Resolves one reference and adds NAME=VALUE, wiping what it passed through. */
static int add_secret(struct plan_context *p, const char *name, size_t name_len, const char *reference,
		      struct strv *env, struct error *err)
{
	const struct secret_source *source = p->native->base.secrets;
	const char *deployment = runtime_config_annotation(p->config, ANNOTATION_LABEL_PREFIX LABEL_DEPLOYMENT);
	struct secret_value value = { 0 };
	char *entry;

	if (!source)
		return fail(err, ERR_CONFIGURATION, "secret %s: there is no source of secrets here", reference);
	if (source->resolve(source, deployment, reference, &value, err) < 0)
		return -1;
	entry = text_format("%.*s=%s", (int)name_len, name, value.bytes);
	secret_value_done(&value);
	return strv_add_take(env, entry) < 0 ? fail_oom(err) : 0;
}

static int collect_secrets(struct plan_context *p, struct strv *ret, struct error *err)
{
	size_t prefix = strlen(ANNOTATION_SECRET_PREFIX);

	for (size_t i = 0; i < p->config->annotations.count; i++) {
		const char *entry = p->config->annotations.items[i], *equals = strchr(entry, '=');

		if (text_starts_with(entry, ANNOTATION_SECRET_PREFIX) && equals &&
		    add_secret(p, entry + prefix, (size_t)(equals - entry) - prefix, equals + 1, ret, err) < 0)
			return -1;
	}
	return 0;
}

static bool names_same_variable(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return strncmp(a, b, len) == 0 && b[len] == '=';
}

/* A secret takes the place of a plain value of the same name (an image's default, say). */
static int merge_env(const struct strv *plain, const struct strv *secrets, struct strv *ret)
{
	for (size_t i = 0; i < plain->count; i++) {
		bool is_replaced = false;

		for (size_t j = 0; j < secrets->count && !is_replaced; j++)
			is_replaced = names_same_variable(secrets->items[j], plain->items[i]);
		if (!is_replaced && strv_add(ret, plain->items[i]) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < secrets->count; i++)
		if (strv_add(ret, secrets->items[i]) < 0)
			return -ENOMEM;
	return 0;
}

static void wipe(struct strv *v)
{
	for (size_t i = 0; i < v->count; i++)
		explicit_bzero(v->items[i], strlen(v->items[i]));
}

static int plan_env(struct plan_context *p, struct error *err)
{
	AUTO_DONE(strv) secrets = { 0 };
	AUTO_DONE(strv) env = { 0 };
	int r = collect_secrets(p, &secrets, err);

	if (r == 0 && secrets.count == 0) {
		p->b.head.env = plan_add_texts(&p->b, &p->config->env);
		return 0;
	}
	if (r == 0 && merge_env(&p->config->env, &secrets, &env) < 0)
		r = fail_oom(err);
	if (r == 0)
		p->b.head.env = plan_add_texts(&p->b, &env);
	wipe(&secrets);
	wipe(&env);
	return r;
}

static int plan_rlimits(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	autofree struct plan_rlimit *limits = calloc(c->n_rlimits + 1, sizeof(*limits));

	if (!limits)
		return fail_oom(err);
	for (size_t i = 0; i < c->n_rlimits; i++)
		limits[i] = (struct plan_rlimit){ .resource = (uint32_t)c->rlimits[i].resource,
						  .soft = c->rlimits[i].soft,
						  .hard = c->rlimits[i].hard };
	p->b.head.rlimits = plan_add_array(&p->b, limits, c->n_rlimits, sizeof(*limits));
	return 0;
}

static void plan_identity(struct plan_context *p)
{
	const struct runtime_config *c = p->config;
	struct plan *head = &p->b.head;

	head->user = plan_add_text(&p->b, runtime_config_annotation(c, ANNOTATION_USER));
	head->uid = c->uid;
	head->gid = c->gid;
	head->extra_gids = plan_add_array(&p->b, c->extra_gids, c->n_extra_gids, sizeof(*c->extra_gids));
	head->caps[PLAN_CAP_BOUNDING] = c->cap_bounding;
	head->caps[PLAN_CAP_EFFECTIVE] = c->cap_effective;
	head->caps[PLAN_CAP_PERMITTED] = c->cap_permitted;
	head->caps[PLAN_CAP_INHERITABLE] = c->cap_inheritable;
	head->caps[PLAN_CAP_AMBIENT] = c->cap_ambient;
	if (c->has_no_new_privileges)
		head->flags |= PLAN_NO_NEW_PRIVILEGES;
	if (c->has_umask)
		head->flags |= PLAN_HAS_UMASK;
	head->umask = c->umask;
	if (c->has_oom_score_adj)
		head->flags |= PLAN_HAS_OOM_SCORE;
	head->oom_score_adj = c->oom_score_adj;
}

int plan_process(struct plan_context *p, struct error *err)
{
	if (plan_env(p, err) < 0 || plan_rlimits(p, err) < 0)
		return -1;
	p->b.head.argv = plan_add_texts(&p->b, &p->config->args);
	p->b.head.cwd = plan_add_text(&p->b, p->config->cwd);
	plan_identity(p);
	return 0;
}

static bool has_default_seccomp(const struct runtime_config *config)
{
	const char *word = runtime_config_annotation(config, ANNOTATION_SECCOMP);

	return !config->seccomp && word && strcmp(word, "default") == 0;
}

int plan_seccomp(struct plan_context *p, struct error *err)
{
	struct seccomp_filter filter = { 0 };
	autoclose int cache = -1;

	if (has_default_seccomp(p->config)) {
		filter = seccomp_filter_default();
	} else if (p->config->seccomp) {
		cache = dir_open_make(p->native->root_fd, "seccomp", 0700);
		if (seccomp_filter_get(p->config->seccomp, cache, &filter, err) < 0)
			return fail_while(err, "seccomp");
	}
	p->b.head.seccomp_flags = filter.flags;
	p->b.head.seccomp = plan_add_array(&p->b, filter.program, filter.length, sizeof(*filter.program));
	seccomp_filter_done(&filter);
	return 0;
}
