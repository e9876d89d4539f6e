/* cmd_inspect.c - `zlayer inspect`: all that is known of containers, as one array. */
#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/output.h"

struct inspect_flags {
	enum output_format format;
};

static const struct command_option table[] = {
	{ "format", 'f', "FORMAT", "json, which it always is", option_format, offsetof(struct inspect_flags, format) },
	{ "size", 's' },
	{ "type", 0, "TYPE" },
	{ 0 },
};

static int run(struct call *call, struct zl_error *err)
{
	return output_inspected(call, zl_container_inspect, err);
}

const struct command cmd_inspect = {
	.name = "inspect",
	.synopsis = "CONTAINER...",
	.summary = "Print all that is known of containers",
	.description = "One JSON array with docker's names. Values of secrets are not in it.",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = -1,
	.flags_size = sizeof(struct inspect_flags),
	.run = run,
};
