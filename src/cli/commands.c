/* commands.c - the table of commands; `zlayer help` lists each group in this order. */
#include <string.h>

#include "cli/commands.h"

const struct command *const commands[] = {
	&cmd_up,      &cmd_down,    &cmd_ps,   &cmd_logs,    &cmd_validate, &cmd_spec, &cmd_run,
	&cmd_exec,    &cmd_inspect, &cmd_wait, &cmd_stop,    &cmd_kill,     &cmd_rm,   &cmd_bundle,
	&cmd_cleanup, &cmd_image,   &cmd_info, &cmd_version, &cmd_help,     NULL,
};

const struct command *command_find(const struct command *const *table, const char *name)
{
	for (; *table; table++)
		if (strcmp((*table)->name, name) == 0)
			return *table;
	return NULL;
}
