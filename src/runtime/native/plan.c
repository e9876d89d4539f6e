/* plan.c - config.json to a plan: the order of its sections. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "runtime/native/native.h"
#include "sys/capability.h"

static const char *annotation(const struct runtime_config *config, const char *name)
{
	return runtime_config_annotation(config, name);
}

/* What the shim runs when nobody holds the start of a container that removes itself. The command stands beside the
 * helpers, or where packages put it. */
static int plan_cleanup(struct plan_context *p, struct error *err)
{
	const struct native *n = p->native;
	const char *wanted = annotation(p->config, ANNOTATION_AUTO_REMOVE);
	autofree char *beside = text_format("%s/zlayer", n->libexec_dir);
	autofree char *installed = text_format("%s/../../bin/zlayer", n->libexec_dir);
	AUTO_DONE(strv) argv = { 0 };

	if (!wanted || strcmp(wanted, "true") != 0)
		return 0;
	p->b.head.flags |= PLAN_AUTO_REMOVE;
	if (!beside || !installed)
		return fail_oom(err);
	if (strv_add(&argv, access(beside, X_OK) == 0 ? beside : installed) < 0 || strv_add(&argv, "--root") < 0 ||
	    strv_add(&argv, n->root_dir) < 0 || strv_add(&argv, "--runtime-dir") < 0 ||
	    strv_add(&argv, n->run_dir) < 0 || strv_add(&argv, "cleanup") < 0 || strv_add(&argv, p->container->id) < 0)
		return fail_oom(err);
	p->b.head.cleanup_argv = plan_add_texts(&p->b, &argv);
	return 0;
}

static int (*const start_sections[])(struct plan_context *, struct error *) = {
	plan_process, plan_seccomp, plan_root, plan_mounts, plan_limits, plan_cleanup,
};

static int seal(struct plan_context *p, struct error *err)
{
	int fd = plan_builder_seal(&p->b);

	return fd < 0 ? fail_errno(err, fd, "plan") : fd;
}

int plan_for_start(const struct container *c, const struct runtime_config *config, struct error *err)
{
	struct plan_context p = { .native = c->native, .container = c, .config = config };
	int r = 0;

	plan_builder_init(&p.b);
	p.b.head.name = plan_add_text(&p.b, annotation(config, ANNOTATION_NAME));
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(start_sections); i++)
		r = start_sections[i](&p, err);
	if (r == 0)
		r = seal(&p, err);
	plan_builder_done(&p.b);
	return r;
}

/* The container's process section with the program, and what else exec says, in its place. */
static int replace_program(struct plan_context *p, const struct exec_config *exec, struct error *err)
{
	struct plan *head = &p->b.head;
	AUTO_DONE(strv) env = { 0 };

	if (strv_copy(&env, &p->config->env) < 0)
		return fail_oom(err);
	for (size_t i = 0; i < exec->env.count; i++) {
		const char *equals = strchr(exec->env.items[i], '=');
		autofree char *name =
			equals ? strndup(exec->env.items[i], (size_t)(equals - exec->env.items[i])) : NULL;

		if (!name || strv_env_set(&env, name, equals + 1) < 0)
			return equals ? fail_oom(err)
				      : fail(err, ERR_INVALID_SPEC, "env %s: NAME=VALUE is wanted", exec->env.items[i]);
	}
	head->argv = plan_add_texts(&p->b, &exec->argv);
	if (exec->env.count > 0)
		head->env = plan_add_texts(&p->b, &env);
	if (exec->user)
		head->user = plan_add_text(&p->b, exec->user);
	if (exec->workdir)
		head->cwd = plan_add_text(&p->b, exec->workdir);
	return 0;
}

/* docker exec --privileged: all of the bounding set, no filter. */
static void raise_privileges(struct plan *head, uint64_t all)
{
	for (int i = PLAN_CAP_BOUNDING; i <= PLAN_CAP_PERMITTED; i++)
		head->caps[i] = all;
	head->seccomp = (struct plan_array){ 0 };
	head->flags &= ~(uint32_t)PLAN_NO_NEW_PRIVILEGES;
}

int plan_for_exec(const struct container *c, const struct runtime_config *config, const struct run_state *state,
		  const struct exec_config *exec, struct error *err)
{
	struct plan_context p = { .native = c->native, .container = c, .config = config };
	int r;

	plan_builder_init(&p.b);
	r = plan_process(&p, err);
	if (r == 0)
		r = plan_seccomp(&p, err);
	if (r == 0)
		r = replace_program(&p, exec, err);
	if (r == 0 && exec->is_privileged)
		raise_privileges(&p.b.head, capability_bounding());
	p.b.head.namespaces = state->namespaces;
	p.b.head.flags &= ~(uint32_t)PLAN_HAS_OOM_SCORE;
	if (r == 0)
		r = seal(&p, err);
	plan_builder_done(&p.b);
	return r;
}
