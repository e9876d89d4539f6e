/* cmd_kill.c - `zlayer kill`: a signal to containers. */
#include <signal.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/target.h"

struct kill_flags {
	int signo;
};

static const struct command_option table[] = {
	{ "signal", 's', "SIGNAL", "Signal to send (KILL)", option_signal, offsetof(struct kill_flags, signo) },
	{ 0 },
};

static void init(void *flags)
{
	((struct kill_flags *)flags)->signo = SIGKILL;
}

static int kill_target(struct call *call, const struct zl_container_info *info, struct zl_error *err)
{
	const struct kill_flags *flags = call->flags;

	if (info->status == ZL_CONTAINER_RUNNING || info->status == ZL_CONTAINER_PAUSED ||
	    info->status == ZL_CONTAINER_STOPPING)
		return zl_container_kill(call->client, info->id, flags->signo, err);
	return command_error(err, ZL_ERR_CONFLICT, 0, "%s does not run", info->name ? info->name : info->id);
}

static int kill_one(struct call *call, const char *argument, struct zl_error *err)
{
	AUTO_DONE(targets) targets = { 0 };

	if (targets_find(call->client, argument, &targets, err) < 0)
		return -1;
	for (size_t i = 0; i < targets.count; i++)
		if (kill_target(call, targets.items[i], err) < 0)
			return -1;
	puts(argument);
	return 0;
}

static int run(struct call *call, struct zl_error *err)
{
	(void)err;
	return for_each_argument(call, kill_one);
}

const struct command cmd_kill = {
	.name = "kill",
	.synopsis = "[OPTION]... CONTAINER|SERVICE...",
	.summary = "Send a signal to containers",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = -1,
	.flags_size = sizeof(struct kill_flags),
	.init = init,
	.run = run,
};
