/* cmd_stop.c - `zlayer stop`: ask containers to end, and kill those that do not in time. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/option_value.h"
#include "cli/target.h"

struct stop_flags {
	struct seconds_value timeout;
	int signo;
};

#define AT(member) offsetof(struct stop_flags, member)

static const struct command_option table[] = {
	{ "signal", 's', "SIGNAL", "Signal to ask with, instead of the container's own", option_signal, AT(signo) },
	{ "time", 0, "SECONDS", "The same as --timeout", option_seconds, AT(timeout) },
	{ "timeout", 't', "SECONDS", "Time before it is killed, instead of its own", option_seconds, AT(timeout) },
	{ 0 },
};

static int stop_one(struct call *call, const char *argument, struct zl_error *err)
{
	const struct stop_flags *flags = call->flags;
	uint64_t grace_ms = flags->timeout.is_set ? flags->timeout.ms : ZL_GRACE_DEFAULT;
	AUTO_DONE(targets) targets = { 0 };

	if (targets_find(call->client, argument, &targets, err) < 0)
		return -1;
	for (size_t i = 0; i < targets.count; i++)
		if (zl_container_stop(call->client, targets.items[i]->id, flags->signo, grace_ms, err) < 0)
			return -1;
	puts(argument);
	return 0;
}

static int run(struct call *call, struct zl_error *err)
{
	(void)err;
	return for_each_argument(call, stop_one);
}

const struct command cmd_stop = {
	.name = "stop",
	.synopsis = "[OPTION]... CONTAINER|SERVICE...",
	.summary = "Ask containers to end, and kill those that do not in time",
	.group = GROUP_CONTAINERS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = -1,
	.flags_size = sizeof(struct stop_flags),
	.run = run,
};
