/* main.c - `zlayer`: global options, then the command of that name; errors as one line; exit statuses. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlayer/zlayer.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/help.h"
#include "cli/option.h"

static const struct command_option *const global_tables[] = { global_option_table, NULL };

/* The program itself, as far as the reading of options goes. */
static const struct command program = {
	.name = "",
	.options = global_tables,
	.max_args = -1,
	.options_end_after = 1,
};

/* A command on its way to being run. */
struct selection {
	const struct command *command;
	char name[64]; /* "image ls" */
	char **words;  /* what follows the name */
};

static int report(const struct zl_error *err, int status)
{
	fflush(stdout);
	fprintf(stderr, "zlayer: %s\n", err->msg);
	return status;
}

static int unknown_command(const struct command *const *table, const char *prefix, const char *name,
			   struct zl_error *err)
{
	const char *names[64], *near;
	size_t n = 0;

	for (size_t i = 0; table[i] && n < ARRAY_SIZE(names); i++)
		if (table[i]->group != GROUP_HIDDEN)
			names[n++] = table[i]->name;
	near = text_nearest(name, names, n);
	if (near)
		return usage_error(err, "unknown command %s%s: did you mean %s%s?", prefix, name, prefix, near);
	return usage_error(err, "unknown command %s%s (zlayer help lists them)", prefix, name);
}

/* words: the command's name and what follows. A command that has subcommands and no further word is itself selected. */
static int select_command(char **words, struct selection *ret, struct zl_error *err)
{
	const struct command *command = command_find(commands, words[0]);

	if (!command)
		return unknown_command(commands, "", words[0], err);
	snprintf(ret->name, sizeof(ret->name), "%s", command->name);
	ret->words = words + 1;
	if (command->subcommands && words[1] && words[1][0] != '-') {
		const struct command *sub = command_find(command->subcommands, words[1]);

		if (!sub) {
			snprintf(ret->name, sizeof(ret->name), "%s ", command->name);
			return unknown_command(command->subcommands, ret->name, words[1], err);
		}
		snprintf(ret->name, sizeof(ret->name), "%s %s", command->name, sub->name);
		ret->words = words + 2;
		command = sub;
	}
	ret->command = command;
	return 0;
}

static int print_text(struct strbuf *text)
{
	if (strbuf_status(text) < 0 || fputs(strbuf_peek(text), stdout) == EOF)
		return 1;
	return 0;
}

static int print_help(const struct selection *selection)
{
	AUTO_DONE(strbuf) text = { 0 };

	if (selection)
		help_print_command(selection->command, selection->name, &text);
	else
		help_print_overview(&text);
	return print_text(&text);
}

/* `zlayer help [COMMAND [SUBCOMMAND]]`. It stands here because it alone looks at the table from outside. */
static int run_help(char **words)
{
	struct selection selection;
	struct zl_error err;

	if (!words[0])
		return print_help(NULL);
	if (select_command(words, &selection, &err) < 0)
		return report(&err, EXIT_OWN_ERROR);
	return print_help(&selection);
}

/* In a build directory the helper programs stand beside this one; installed, where the build was told. */
static const char *find_helpers(char *room, size_t size)
{
	ssize_t n;
	char *slash;

	if (getenv("ZLAYER_LIBEXEC_DIR"))
		return NULL;
	n = readlink("/proc/self/exe", room, size - sizeof("/zlayer-shim"));
	if (n <= 0 || (size_t)n >= size - sizeof("/zlayer-shim"))
		return NULL;
	room[n] = '\0';
	slash = strrchr(room, '/');
	memcpy(slash, "/zlayer-shim", sizeof("/zlayer-shim"));
	if (access(room, X_OK) < 0)
		return NULL;
	*slash = '\0';
	return room;
}

static struct zl_client *make_client(const struct global_flags *global, struct zl_error *err)
{
	char room[4096];
	struct zl_client_options options = {
		.size = sizeof(options),
		.runtime = global->runtime,
		.root_dir = global->root_dir,
		.runtime_dir = global->runtime_dir,
		.libexec_dir = find_helpers(room, sizeof(room)),
	};

	return zl_client_new(&options, err);
}

/* A failure before the command began, or of a command that keeps to docker's statuses. */
static int failure_status(const struct command *command, const struct zl_error *err)
{
	return command->has_docker_exit_status ? zl_error_exit_status(err->kind) : 1;
}

static int call_command(struct call *call, void *flags, const struct global_flags *global)
{
	struct zl_error err = { 0 };
	int status;

	call->flags = flags;
	call->client = make_client(global, &err);
	if (!call->client)
		return report(&err, failure_status(call->command, &err));
	status = call->command->run(call, &err);
	zl_client_free(call->client);
	if (status < 0)
		return report(&err, failure_status(call->command, &err));
	return status;
}

static size_t count_words(char **words)
{
	size_t n = 0;

	while (words[n])
		n++;
	return n;
}

static int read_and_call(const struct selection *selection, const struct global_flags *global, void *flags,
			 struct arguments *arguments)
{
	struct zl_error err = { 0 };
	struct call call = { .command = selection->command };

	if (options_read(selection->command, selection->words, flags, arguments, &err) < 0)
		return report(&err, EXIT_OWN_ERROR);
	if (arguments->wants_help)
		return print_help(selection);
	if (arguments_check(selection->command, selection->name, arguments->count, &err) < 0)
		return report(&err, EXIT_OWN_ERROR);
	call.args = arguments->items;
	call.n_args = arguments->count;
	return call_command(&call, flags, global);
}

static int run_selection(const struct selection *selection, const struct global_flags *global)
{
	const struct command *command = selection->command;
	autofree char **room = calloc(count_words(selection->words) + 1, sizeof(*room));
	autofree void *flags = calloc(1, command->flags_size ? command->flags_size : 1);
	struct arguments arguments = { .items = room };
	int status;

	if (!room || !flags)
		return report(&(struct zl_error){ .msg = "out of memory" }, EXIT_OWN_ERROR);
	if (command->init)
		command->init(flags);
	status = read_and_call(selection, global, flags, &arguments);
	if (command->done)
		command->done(flags);
	return status;
}

static int run_words(char **words, const struct global_flags *global)
{
	struct selection selection;
	struct zl_error err;

	if (strcmp(words[0], "help") == 0 && (!words[1] || words[1][0] != '-'))
		return run_help(words + 1);
	if (select_command(words, &selection, &err) < 0)
		return report(&err, EXIT_OWN_ERROR);
	return selection.command->run ? run_selection(&selection, global) : print_help(&selection);
}

/* What was printed may fail only now: a full disk is an error, a reader that went away is not. */
static int close_output(int status)
{
	if (fflush(stdout) == 0 || status != 0)
		return status;
	return report(&(struct zl_error){ .msg = "standard output: cannot be written" }, 1);
}

int main(int argc, char **argv)
{
	autofree char **words = calloc((size_t)argc + 1, sizeof(*words));
	struct arguments arguments = { .items = words };
	struct global_flags global = { 0 };
	struct zl_error err = { 0 };

	if (!words || argc == 0)
		return EXIT_OWN_ERROR;
	if (options_read(&program, argv + 1, &global, &arguments, &err) < 0)
		return report(&err, EXIT_OWN_ERROR);
	if (global.is_verbose)
		zl_log_set(NULL, ZL_LOG_LEVEL_DEBUG);
	if (global.wants_version) {
		printf("zlayer %s\n", zl_version());
		return close_output(0);
	}
	if (arguments.count == 0 || arguments.wants_help)
		return close_output(print_help(NULL));
	return close_output(run_words(words, &global));
}
