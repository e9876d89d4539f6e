/* cmd_image.c - `zlayer image`: the commands about images, and the short ones of them. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/output.h"
#include "cli/target.h"
#include <zlayer/image.h>

/* ---- inspect ---- */

static int inspect(struct call *call, struct zl_error *err)
{
	return output_inspected(call, zl_image_inspect, err);
}

const struct command cmd_image_inspect = {
	.name = "inspect",
	.synopsis = "IMAGE...",
	.summary = "Print all that is known of images",
	.group = GROUP_IMAGES,
	.min_args = 1,
	.max_args = -1,
	.run = inspect,
};

/* ---- tag ---- */

static int tag(struct call *call, struct zl_error *err)
{
	return zl_image_tag(call->client, call->args[0], call->args[1], err);
}

const struct command cmd_image_tag = {
	.name = "tag",
	.synopsis = "IMAGE NAME",
	.summary = "Give an image one more name",
	.group = GROUP_IMAGES,
	.min_args = 2,
	.max_args = 2,
	.run = tag,
};

/* ---- rm ---- */

struct rm_flags {
	bool is_forced;
};

static const struct command_option rm_table[] = {
	{ "force", 'f', NULL, "Though containers were made from it; their layers stay", option_flag,
	  offsetof(struct rm_flags, is_forced) },
	{ "no-prune" },
	{ 0 },
};

static void print_lines(const char *what, char **lines)
{
	for (char **line = lines; line && *line; line++)
		printf("%s: %s\n", what, zl_image_familiar_name(*line));
}

static int remove_one(struct call *call, const char *argument, struct zl_error *err)
{
	const struct rm_flags *flags = call->flags;
	char **untagged, **deleted;

	if (zl_image_remove(call->client, argument, flags->is_forced, &untagged, &deleted, err) < 0)
		return -1;
	print_lines("Untagged", untagged);
	print_lines("Deleted", deleted);
	zl_strings_free(untagged);
	zl_strings_free(deleted);
	return 0;
}

static int rm(struct call *call, struct zl_error *err)
{
	(void)err;
	return for_each_argument(call, remove_one);
}

const struct command cmd_image_rm = {
	.name = "rm",
	.synopsis = "[OPTION]... IMAGE...",
	.summary = "Take names away from images, and remove those without a name left",
	.group = GROUP_IMAGES,
	.options = (const struct command_option *const[]){ rm_table, NULL },
	.min_args = 1,
	.max_args = -1,
	.flags_size = sizeof(struct rm_flags),
	.run = rm,
};

const struct command cmd_image = {
	.name = "image",
	.synopsis = "COMMAND",
	.summary = "Import, load, list, tag and remove images",
	.group = GROUP_IMAGES,
	.subcommands = (const struct command *const[]){ &cmd_image_import, &cmd_image_inspect, &cmd_image_load,
							&cmd_image_ls, &cmd_image_rm, &cmd_image_tag, NULL },
};
