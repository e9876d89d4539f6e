/* cmd_bundle.c - `zlayer bundle`: an OCI bundle for another runtime to run. */
#include <unistd.h>

#include "cli/commands.h"
#include "cli/container_flags.h"
#include "cli/spec_file.h"
#include <zlayer/deployment.h>

struct bundle_flags {
	struct container_flags container;
	const char *spec, *service;
	bool has_secrets;
};

#define AT(member) offsetof(struct bundle_flags, member)

static const struct command_option table[] = {
	{ "service", 0, "NAME", "Bundle this service of a spec, instead of an IMAGE", option_text, AT(service) },
	{ "spec", 0, "FILE", "The spec of --service; else the current directory's", option_text, AT(spec) },
	{ "with-secrets", 0, NULL, "Write the values of secrets into config.json", option_flag, AT(has_secrets) },
	{ 0 },
};

static int bundle_service(struct call *call, const char *spec, const char *service, struct zl_error *err)
{
	const struct bundle_flags *flags = call->flags;
	AUTO_DONE(spec_file) file = { 0 };

	if (spec_file_load(&file, spec, err) < 0)
		return -1;
	return zl_deployment_write_bundle(call->client, file.spec, service, call->args[0], flags->has_secrets, err);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct bundle_flags *flags = call->flags;
	struct zl_container_options options;
	const char *entrypoint[2];

	if (flags->service && call->n_args > 1)
		return usage_error(err, "%s: with --service there is no IMAGE", call->args[1]);
	if (flags->service)
		return bundle_service(call, flags->spec, flags->service, err);
	if (call->n_args < 2)
		return usage_error(err, "bundle: an IMAGE is missing, or a spec's FILE and SERVICE");
	if (call->n_args == 3 && spec_file_is_meant(call->args[1]) && access(call->args[1], R_OK) == 0)
		return bundle_service(call, call->args[1], call->args[2], err);
	container_flags_options(&flags->container, call->args + 1, entrypoint, &options);
	return zl_container_write_bundle(call->client, &options, call->args[0], err);
}

const struct command cmd_bundle = {
	.name = "bundle",
	.synopsis = "[OPTION]... DIRECTORY [IMAGE [ARGUMENT]... | FILE SERVICE]",
	.summary = "Write an OCI bundle that crun and runc run",
	.description =
		"Of an image, with the options of `run`, or of a service of a spec. DIRECTORY is made where it is\n"
		"missing; else it must be empty.",
	.group = GROUP_CONTAINERS,
	.options =
		(const struct command_option *const[]){ table, container_option_table, unavailable_option_table, NULL },
	.min_args = 1,
	.max_args = -1,
	.options_end_after = 2,
	.flags_size = sizeof(struct bundle_flags),
	.done = container_flags_done,
	.run = run,
};
