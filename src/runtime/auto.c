/* auto.c - which backend runs the containers: the one that was named, else the first that this host can run. */
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "runtime/backend.h"

static const struct runtime_backend *const backends[] = {
#define BACKEND(name) &name##_backend,
#include "runtime/backends.def"
#undef BACKEND
};

static void fill(const char **member, const char *variable, const char *initial)
{
	const char *value = variable ? getenv(variable) : NULL;

	if (!*member)
		*member = value && *value ? value : initial;
}

void runtime_options_fill(struct runtime_options *options)
{
	fill(&options->backend, "ZLAYER_RUNTIME", "auto");
	fill(&options->root_dir, "ZLAYER_ROOT_DIR", "/var/lib/zlayer");
	fill(&options->runtime_dir, "ZLAYER_RUNTIME_DIR", "/var/run/zlayer");
	fill(&options->libexec_dir, "ZLAYER_LIBEXEC_DIR", NULL);
	fill(&options->cgroup_parent, "ZLAYER_CGROUP_PARENT", NULL);
}

static const struct runtime_backend *find_backend(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		if (strcmp(name, backends[i]->name) == 0 ||
		    (backends[i]->alias && strcmp(name, backends[i]->alias) == 0))
			return backends[i];
	return NULL;
}

static const struct runtime_backend *fail_unknown(const char *name, struct error *err)
{
	AUTO_DONE(strbuf) known = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		strbuf_addf(&known, ", %s", backends[i]->name);
	fail(err, ERR_CONFIGURATION, "runtime %s: there is no such backend (there are: auto%s)", name,
	     strbuf_peek(&known));
	return NULL;
}

/* Adds "native: what: remedy" for each thing that is missing; true when there is none. */
static bool can_run(const struct runtime_backend *backend, const struct runtime_options *options,
		    struct strbuf *why_not)
{
	AUTO_DONE(strv) missing = { 0 };

	if (backend->probe(options, &missing) < 0)
		strbuf_addf(why_not, "; %s: out of memory", backend->name);
	for (size_t i = 0; i < missing.count; i++)
		strbuf_addf(why_not, "; %s: %s", backend->name, missing.items[i]);
	return missing.count == 0 && why_not->len == 0;
}

static const struct runtime_backend *select_backend(const struct runtime_options *options, struct error *err)
{
	AUTO_DONE(strbuf) why_not = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
		size_t before = why_not.len;

		if (backends[i]->probe && can_run(backends[i], options, &why_not) && why_not.len == before)
			return backends[i];
	}
	fail(err, ERR_CONFIGURATION, "no runtime can run containers here%s",
	     why_not.len ? strbuf_peek(&why_not) : ": this build has none");
	return NULL;
}

struct runtime *runtime_open(const struct runtime_options *options, struct error *err)
{
	struct runtime_options filled = options ? *options : (struct runtime_options){ 0 };
	const struct runtime_backend *backend;
	struct runtime *rt;

	runtime_options_fill(&filled);
	if (strcmp(filled.backend, "auto") == 0) {
		backend = select_backend(&filled, err);
	} else {
		backend = find_backend(filled.backend);
		if (!backend)
			fail_unknown(filled.backend, err);
	}
	if (!backend)
		return NULL;
	rt = backend->open(&filled, err);
	if (rt)
		rt->secrets = filled.secrets;
	else
		fail_while(err, "runtime %s", backend->name);
	return rt;
}
