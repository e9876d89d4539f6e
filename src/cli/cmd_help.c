/* cmd_help.c - the row of `zlayer help`, which main.c answers: it looks at the table from outside. */
#include "cli/commands.h"

const struct command cmd_help = {
	.name = "help",
	.synopsis = "[COMMAND]...",
	.summary = "Explain a command",
	.group = GROUP_OTHER,
	.max_args = 2,
};
