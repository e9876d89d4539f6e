/* cmd_version.c - `zlayer version`. */
#include <stdio.h>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/output.h"

struct version_flags {
	enum output_format format;
};

static const struct command_option table[] = {
	{ "format", 'f', "FORMAT", "table or json", option_format, offsetof(struct version_flags, format) },
	{ 0 },
};

static int run(struct call *call, struct zl_error *err)
{
	const struct version_flags *flags = call->flags;
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	if (flags->format != OUTPUT_JSON) {
		printf("zlayer %s\n", zl_version());
		return 0;
	}
	json_open_array(&w, NULL);
	json_open_object(&w, NULL);
	json_put_text(&w, "Version", zl_version());
	json_close_object(&w);
	json_close_array(&w);
	return output_text(&text, err);
}

const struct command cmd_version = {
	.name = "version",
	.synopsis = "[OPTION]...",
	.summary = "Print the version",
	.group = GROUP_OTHER,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 0,
	.flags_size = sizeof(struct version_flags),
	.run = run,
};
