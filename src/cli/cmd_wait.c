/* cmd_wait.c - `zlayer wait`: block until containers end, print their exit codes. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/target.h"
#include <zlayer/container.h>

static int wait_one(struct call *call, const char *argument, struct zl_error *err)
{
	struct zl_exit last;

	if (zl_container_wait(call->client, argument, &last, err) < 0)
		return -1;
	if (!last.is_known)
		return command_error(err, ZL_ERR_UNEXPECTED_EXIT, 0, "%s: ended, and nobody saw how", argument);
	printf("%d\n", last.code);
	fflush(stdout);
	return 0;
}

static int run(struct call *call, struct zl_error *err)
{
	(void)err;
	return for_each_argument(call, wait_one);
}

const struct command cmd_wait = {
	.name = "wait",
	.synopsis = "CONTAINER...",
	.summary = "Block until containers end, print their exit codes",
	.group = GROUP_CONTAINERS,
	.min_args = 1,
	.max_args = -1,
	.run = run,
};
