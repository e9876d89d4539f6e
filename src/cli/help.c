/* help.c - help texts from the table of commands. */
#include "cli/help.h"

#include <string.h>

#include "base/cleanup.h"
#include "cli/option_value.h"

#define AT(member) offsetof(struct global_flags, member)

const struct command_option global_option_table[] = {
	{ "root", 0, "DIRECTORY", "Where containers and images are kept (ZLAYER_ROOT_DIR)", option_text, AT(root_dir) },
	{ "runtime", 0, "NAME", "Backend: auto, native (ZLAYER_RUNTIME)", option_text, AT(runtime) },
	{ "runtime-dir", 0, "DIRECTORY", "Where their running state is kept (ZLAYER_RUNTIME_DIR)", option_text,
	  AT(runtime_dir) },
	{ "verbose", 'v', NULL, "Say what is being done", option_flag, AT(is_verbose) },
	{ "version", 0, NULL, "Print the version", option_flag, AT(wants_version) },
	{ 0 },
};

/* ---- options ---- */

#define OPTIONS_MAX 128

/* Those that are there, in the order of their names. Returns their number. */
static size_t sort_options(const struct command_option *const *tables, const struct command_option **ret)
{
	size_t n = 0;

	for (; tables && *tables; tables++) {
		for (const struct command_option *row = *tables; row->name && n < OPTIONS_MAX; row++) {
			size_t at = n;

			if (!row->help)
				continue;
			for (; at > 0 && strcmp(ret[at - 1]->name, row->name) > 0; at--)
				ret[at] = ret[at - 1];
			ret[at] = row;
			n++;
		}
	}
	return n;
}

/* "  -m, --memory BYTES". */
static void add_option_name(const struct command_option *row, struct strbuf *out)
{
	if (row->letter)
		strbuf_addf(out, "  -%c, ", row->letter);
	else
		strbuf_add_text(out, "      ");
	strbuf_addf(out, "--%s", row->name);
	if (row->argument)
		strbuf_addf(out, " %s", row->argument);
}

static size_t option_width(const struct command_option *row)
{
	return 8 + strlen(row->name) + (row->argument ? 1 + strlen(row->argument) : 0);
}

static void add_blanks(struct strbuf *out, size_t from, size_t to)
{
	for (; from < to; from++)
		strbuf_add_char(out, ' ');
}

static void add_options(const char *title, const struct command_option *const *tables, struct strbuf *out)
{
	const struct command_option *rows[OPTIONS_MAX];
	size_t n = sort_options(tables, rows), widest = 0;

	if (n == 0)
		return;
	strbuf_addf(out, "\n%s:\n", title);
	for (size_t i = 0; i < n; i++)
		if (option_width(rows[i]) > widest)
			widest = option_width(rows[i]);
	for (size_t i = 0; i < n; i++) {
		add_option_name(rows[i], out);
		add_blanks(out, option_width(rows[i]), widest + 2);
		strbuf_addf(out, "%s\n", rows[i]->help);
	}
}

/* ---- commands ---- */

static size_t widest_name(const struct command *const *table)
{
	size_t widest = 0;

	for (; *table; table++)
		if ((*table)->group != GROUP_HIDDEN && strlen((*table)->name) > widest)
			widest = strlen((*table)->name);
	return widest;
}

static void add_command_line(const struct command *command, size_t width, struct strbuf *out)
{
	strbuf_addf(out, "  %s", command->name);
	add_blanks(out, strlen(command->name), width + 2);
	strbuf_addf(out, "%s\n", command->summary);
}

static void add_group(const char *title, enum command_group group, struct strbuf *out)
{
	size_t width = widest_name(commands);

	strbuf_addf(out, "\n%s:\n", title);
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->group == group)
			add_command_line(commands[i], width, out);
}

void help_print_overview(struct strbuf *out)
{
	static const struct command_option *const tables[] = { global_option_table, NULL };

	strbuf_add_text(out, "Usage: zlayer [OPTION]... COMMAND [ARGUMENT]...\n\n"
			     "Run containers, and whole deployments of them, on this machine\n");
	add_group("Deployments", GROUP_DEPLOYMENTS, out);
	add_group("Containers", GROUP_CONTAINERS, out);
	add_group("Images", GROUP_IMAGES, out);
	add_group("Other", GROUP_OTHER, out);
	add_options("Options, before the command", tables, out);
	strbuf_add_text(out, "\n`zlayer help COMMAND` says more about one.\n");
}

void help_print_command(const struct command *command, const char *full_name, struct strbuf *out)
{
	strbuf_addf(out, "Usage: zlayer %s %s\n\n%s\n", full_name, command->synopsis, command->summary);
	if (command->description)
		strbuf_addf(out, "\n%s\n", command->description);
	if (command->subcommands) {
		size_t width = widest_name(command->subcommands);

		strbuf_add_text(out, "\nCommands:\n");
		for (size_t i = 0; command->subcommands[i]; i++)
			add_command_line(command->subcommands[i], width, out);
	}
	add_options("Options", command->options, out);
}
