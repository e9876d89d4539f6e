/* cmd_down.c - `zlayer down`: a deployment's containers stopped and removed. */
#include "cli/commands.h"
#include "cli/event_print.h"
#include "cli/log_merge.h"
#include "cli/option_value.h"
#include "cli/spec_file.h"
#include <zlayer/deployment.h>

struct down_flags {
	const char *file, *deployment;
	bool has_volumes;
	struct seconds_value timeout;
};

#define AT(member) offsetof(struct down_flags, member)

static const struct command_option table[] = {
	{ "deployment", 0, "NAME", "The deployment by name, without its spec", option_text, AT(deployment) },
	{ "file", 'f', "FILE", "The spec, instead of FILE as argument", option_text, AT(file) },
	{ "timeout", 't', "SECONDS", "Time before each is killed, instead of its own", option_seconds, AT(timeout) },
	{ "volumes", 'v', NULL, "Remove the deployment's named volumes too", option_flag, AT(has_volumes) },
	{ 0 },
};

/* A name alone does: the spec may be gone or broken by now. */
static int run(struct call *call, struct zl_error *err)
{
	const struct down_flags *flags = call->flags;
	const char *argument = call->args[0], *deployment = flags->deployment, *path = flags->file;
	AUTO_DONE(spec_file) file = { 0 };
	struct event_printer printer = { .has_color = wants_color(STDERR_FILENO) };
	struct zl_down_options options = {
		.size = sizeof(options),
		.has_volumes = flags->has_volumes,
		.has_grace = flags->timeout.is_set,
		.grace_ms = flags->timeout.ms,
		.on_event = event_callback,
		.userdata = &printer,
	};

	if (argument && (deployment || path))
		return usage_error(err, "%s: the deployment is named twice", argument);
	if (argument && spec_file_is_meant(argument))
		path = argument;
	else if (argument)
		deployment = argument;
	if (!deployment && spec_file_load(&file, path, err) < 0)
		return -1;
	return zl_deployment_down(call->client, deployment ? deployment : zl_spec_deployment(file.spec), &options, err);
}

const struct command cmd_down = {
	.name = "down",
	.synopsis = "[OPTION]... [FILE|DEPLOYMENT]",
	.summary = "Stop and remove all containers of a deployment",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 1,
	.flags_size = sizeof(struct down_flags),
	.run = run,
};
