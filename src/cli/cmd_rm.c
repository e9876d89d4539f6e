/* cmd_rm.c - `zlayer rm`: remove containers. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/target.h"

struct rm_flags {
	bool is_forced, has_volumes;
};

#define AT(member) offsetof(struct rm_flags, member)

static const struct command_option table[] = {
	{ "force", 'f', NULL, "Kill those that run; a missing one is fine", option_flag, AT(is_forced) },
	{ "link", 'l' },
	{ "volumes", 'v', NULL, "Remove their anonymous volumes too", option_flag, AT(has_volumes) },
	{ 0 },
};

static int remove_one(struct call *call, const char *argument, struct zl_error *err)
{
	const struct rm_flags *flags = call->flags;
	unsigned how = (flags->is_forced ? ZL_REMOVE_FORCE : 0) | (flags->has_volumes ? ZL_REMOVE_VOLUMES : 0);
	AUTO_DONE(targets) targets = { 0 };

	if (targets_find(call->client, argument, &targets, err) < 0)
		return flags->is_forced && err->kind == ZL_ERR_NOT_FOUND ? 0 : -1;
	for (size_t i = 0; i < targets.count; i++)
		if (zl_container_remove(call->client, targets.items[i]->id, how, err) < 0)
			return -1;
	puts(argument);
	return 0;
}

static int run(struct call *call, struct zl_error *err)
{
	(void)err;
	return for_each_argument(call, remove_one);
}

const struct command cmd_rm = {
	.name = "rm",
	.synopsis = "[OPTION]... CONTAINER|SERVICE...",
	.summary = "Remove containers",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = -1,
	.flags_size = sizeof(struct rm_flags),
	.run = run,
};
