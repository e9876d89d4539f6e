/* option.h - reads a command line by a command's tables: --name value, --name=value, -n value, -nvalue, -abc, `--`.
 * Abbreviations of names are not taken: a script must not change its meaning when an option is added.
 */
#pragma once
#include "cli/command.h"

/* The row of --name, in any of the tables; NULL when there is none. */
const struct command_option *option_find(const struct command_option *const *tables, const char *name);

struct arguments {
	char **items; /* the caller's room for as many pointers as argv has and NULL; the strings are argv's */
	int count;
	bool wants_help; /* --help, which every command has, stood among the options, or -h where that is no other's */
};

/* argv is what follows the command's name, ended by NULL; flags has been initialised. ret->items gets the arguments
 * that are no options, ended by NULL. 0, or -1 with err. */
int options_read(const struct command *command, char **argv, void *flags, struct arguments *ret, struct zl_error *err);

/* Checks the number of arguments. */
int arguments_check(const struct command *command, const char *full_name, int n_args, struct zl_error *err);
