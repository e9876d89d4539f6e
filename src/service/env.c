/* env.c - what the values of `env` stand for. */
#include "service/env.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "spec/env_reference.h"

static bool has_pair(const struct spec_pairs *pairs, const char *name)
{
	for (size_t i = 0; pairs && i < pairs->count; i++)
		if (strcmp(pairs->items[i].name, name) == 0)
			return true;
	return false;
}

static const char *get_variable(const struct env_sources *sources, const char *name)
{
	return sources->environment ? strv_env_get(sources->environment, name) : getenv(name);
}

static int add_variable(const struct env_sources *sources, const struct spec_pair *pair,
			const struct env_reference *reference, struct strv *env, struct strv *warnings,
			struct error *err)
{
	autofree char *name = strndup(reference->name.text, reference->name.len);
	const char *value = name ? get_variable(sources, name) : NULL;

	if (!name)
		return fail_oom(err);
	if (!value)
		return fail(err, ERR_CONFIGURATION, "services.%s.env.%s: the variable %s is not set in the environment",
			    sources->service, pair->name, name);
	if (!*value && warnings &&
	    strv_addf(warnings, "services.%s.env.%s: the variable %s is empty", sources->service, pair->name, name) < 0)
		return fail_oom(err);
	return strv_addf(env, "%s=%s", pair->name, value) < 0 ? fail_oom(err) : 0;
}

static int add_pair(const struct env_sources *sources, const struct spec_pair *pair, struct strv *env,
		    struct strv *secret_env, struct strv *warnings, struct error *err)
{
	struct env_reference reference;

	if (env_reference_parse(pair->value, &reference, err) < 0)
		return fail_while(err, "services.%s.env.%s", sources->service, pair->name);
	if (reference.kind == ENV_VARIABLE)
		return add_variable(sources, pair, &reference, env, warnings, err);
	if (strv_addf(reference.kind == ENV_SECRET ? secret_env : env, "%s=%s", pair->name, pair->value) < 0)
		return fail_oom(err);
	return 0;
}

int env_resolve(const struct env_sources *sources, struct strv *ret_env, struct strv *ret_secret_env,
		struct strv *warnings, struct error *err)
{
	const struct spec_pairs *base = sources->base, *overrides = sources->overrides;
	AUTO_DONE(strv) env = { 0 };
	AUTO_DONE(strv) secret_env = { 0 };

	for (size_t i = 0; i < base->count; i++)
		if (!has_pair(overrides, base->items[i].name) &&
		    add_pair(sources, &base->items[i], &env, &secret_env, warnings, err) < 0)
			return -1;
	for (size_t i = 0; overrides && i < overrides->count; i++)
		if (add_pair(sources, &overrides->items[i], &env, &secret_env, warnings, err) < 0)
			return -1;
	*ret_env = env;
	*ret_secret_env = secret_env;
	env = (struct strv){ 0 };
	secret_env = (struct strv){ 0 };
	return 0;
}
