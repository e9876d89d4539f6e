/* cmd_bundle.c - `zlayer bundle`: an OCI bundle for another runtime to run. */
#include "cli/commands.h"
#include "cli/container_flags.h"

struct bundle_flags {
	struct container_flags container;
};

static int run(struct call *call, struct zl_error *err)
{
	const struct bundle_flags *flags = call->flags;
	struct zl_container_options options;
	const char *entrypoint[2];

	container_flags_options(&flags->container, call->args + 1, entrypoint, &options);
	return zl_container_write_bundle(call->client, &options, call->args[0], err);
}

const struct command cmd_bundle = {
	.name = "bundle",
	.synopsis = "[OPTION]... DIRECTORY IMAGE [ARGUMENT]...",
	.summary = "Write an OCI bundle that crun and runc run",
	.description =
		"Of an image, with the options of `run`, or of a service of a spec. DIRECTORY is made where it is\n"
		"missing; else it must be empty.",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ container_option_table, unavailable_option_table, NULL },
	.min_args = 2,
	.max_args = -1,
	.options_end_after = 2,
	.flags_size = sizeof(struct bundle_flags),
	.done = container_flags_done,
	.run = run,
};
