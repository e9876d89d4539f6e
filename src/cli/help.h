/* help.h - help texts, all made from the table of commands. */
#pragma once
#include <stdio.h>

#include "base/strbuf.h"
#include "cli/command.h"

/* `zlayer help`: usage, the commands by group, the global options. */
void help_print_overview(struct strbuf *out);

/* `zlayer help NAME`. full_name: "image ls". */
void help_print_command(const struct command *command, const char *full_name, struct strbuf *out);

/* Options that stand before the command, for every command. */
extern const struct command_option global_option_table[];

struct global_flags {
	const char *runtime, *root_dir, *runtime_dir;
	bool is_verbose, wants_version;
};
