/* cmd_spec.c - `zlayer spec dump`: a spec with all its defaults filled in. */
#include <stdio.h>

#include "base/cleanup.h"
#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/spec_file.h"

struct dump_flags {
	enum output_format format;
};

static const struct command_option table[] = {
	{ "format", 'f', "FORMAT", "yaml or json", option_spec_format, offsetof(struct dump_flags, format) },
	{ 0 },
};

static void init(void *flags)
{
	((struct dump_flags *)flags)->format = OUTPUT_YAML;
}

static int dump(struct call *call, struct zl_error *err)
{
	const struct dump_flags *flags = call->flags;
	AUTO_DONE(spec_file) file = { 0 };
	autofree char *text = NULL;

	if (spec_file_load(&file, call->args[0], err) < 0)
		return -1;
	if (zl_spec_dump(file.spec, flags->format == OUTPUT_JSON ? ZL_SPEC_JSON : ZL_SPEC_YAML, &text, err) < 0)
		return -1;
	if (fputs(text, stdout) == EOF)
		return command_error(err, ZL_ERR_INTERNAL, errno, "standard output");
	return 0;
}

static const struct command cmd_spec_dump = {
	.name = "dump",
	.synopsis = "[OPTION]... [FILE]",
	.summary = "Print a spec with all its defaults filled in",
	.description = "What is printed reads back as the same spec.",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 1,
	.flags_size = sizeof(struct dump_flags),
	.init = init,
	.run = dump,
};

const struct command cmd_spec = {
	.name = "spec",
	.synopsis = "COMMAND",
	.summary = "Work on spec files",
	.group = GROUP_DEPLOYMENTS,
	.subcommands = (const struct command *const[]){ &cmd_spec_dump, NULL },
};
