/* option.c - reads a command line by a command's tables. */
#include "cli/option.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

struct reading {
	const struct command *command;
	char **next; /* the word after the one being read */
	void *flags;
	struct arguments *arguments;
};

const struct command_option *option_find(const struct command_option *const *tables, const char *name)
{
	for (; tables && *tables; tables++)
		for (const struct command_option *row = *tables; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static const struct command_option *find_letter(const struct command_option *const *tables, char letter)
{
	for (; tables && *tables; tables++)
		for (const struct command_option *row = *tables; row->name; row++)
			if (row->letter == letter)
				return row;
	return NULL;
}

static const char *nearest_option(const struct command_option *const *tables, const char *name)
{
	const char *words[128];
	size_t n = 0;

	for (; tables && *tables; tables++)
		for (const struct command_option *row = *tables; row->name; row++)
			if (row->help && n < ARRAY_SIZE(words))
				words[n++] = row->name;
	return text_nearest(name, words, n);
}

static int unknown_option(const struct reading *r, const char *name, struct zl_error *err)
{
	const char *near = nearest_option(r->command->options, name);

	if (near)
		return usage_error(err, "unknown option --%s: did you mean --%s?", name, near);
	return usage_error(err, "unknown option --%s (zlayer help %s lists them)", name, r->command->name);
}

/* The option as the user typed it, for errors. */
struct typed_option {
	const struct command_option *row;
	char text[64];
};

static int read_value(const struct reading *r, const struct typed_option *typed, const char *value,
		      struct zl_error *err)
{
	const struct command_option *row = typed->row;

	if (!row->help)
		return command_error(err, ZL_ERR_UNSUPPORTED, 0, "%s: not available yet", typed->text);
	if (row->read((char *)r->flags + row->offset, value, err) < 0)
		return error_while(err, "%s", typed->text);
	return 0;
}

/* given: what stood behind `=` or the letter; NULL: nothing did. */
static int read_option(struct reading *r, const struct typed_option *typed, const char *given, struct zl_error *err)
{
	if (typed->row->argument && typed->row->help && !given) {
		if (!*r->next)
			return usage_error(err, "%s: needs an argument: %s", typed->text, typed->row->argument);
		given = *r->next++;
	}
	return read_value(r, typed, given, err);
}

static int read_long(struct reading *r, const char *word, struct zl_error *err)
{
	const char *equals = strchr(word, '=');
	autofree char *name = equals ? strndup(word, (size_t)(equals - word)) : strdup(word);
	struct typed_option typed;

	if (!name)
		return memory_error(err);
	typed.row = option_find(r->command->options, name);
	if (!typed.row && strcmp(word, "help") == 0) {
		r->arguments->wants_help = true;
		return 0;
	}
	if (!typed.row)
		return unknown_option(r, name, err);
	snprintf(typed.text, sizeof(typed.text), "--%s", name);
	return read_option(r, &typed, equals ? equals + 1 : NULL, err);
}

static int read_letters(struct reading *r, const char *letters, struct zl_error *err)
{
	struct typed_option typed;

	for (; *letters; letters++) {
		const char *rest = letters[1] ? letters + 1 : NULL;

		typed.row = find_letter(r->command->options, *letters);
		if (!typed.row && *letters == 'h') {
			r->arguments->wants_help = true;
			return 0;
		}
		if (!typed.row)
			return usage_error(err, "unknown option -%c (zlayer help %s lists them)", *letters,
					   r->command->name);
		snprintf(typed.text, sizeof(typed.text), "-%c", *letters);
		if (rest && (typed.row->argument || *rest == '='))
			return read_option(r, &typed, *rest == '=' ? rest + 1 : rest, err);
		if (read_option(r, &typed, NULL, err) < 0)
			return -1;
	}
	return 0;
}

int options_read(const struct command *command, char **argv, void *flags, struct arguments *ret, struct zl_error *err)
{
	struct reading r = { .command = command, .next = argv, .flags = flags, .arguments = ret };
	bool is_past_options = false;

	while (*r.next) {
		char *word = *r.next++;

		if (is_past_options || word[0] != '-' || word[1] == '\0') {
			ret->items[ret->count++] = word;
			is_past_options = is_past_options || ret->count == command->options_end_after;
		} else if (strcmp(word, "--") == 0) {
			is_past_options = true;
		} else if ((word[1] == '-' ? read_long(&r, word + 2, err) : read_letters(&r, word + 1, err)) < 0) {
			return -1;
		}
	}
	ret->items[ret->count] = NULL;
	return 0;
}

int arguments_check(const struct command *command, const char *full_name, int n_args, struct zl_error *err)
{
	if (n_args < command->min_args)
		return usage_error(err, "%s: an argument is missing (usage: zlayer %s %s)", full_name, full_name,
				   command->synopsis);
	if (command->max_args >= 0 && n_args > command->max_args)
		return usage_error(err, "%s: too many arguments (usage: zlayer %s %s)", full_name, full_name,
				   command->synopsis);
	return 0;
}
