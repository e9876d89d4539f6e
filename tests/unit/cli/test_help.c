/* test_help.c - rules that every row of the table of commands keeps. */
#include "support/cmocka_setup.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/help.h"
#include "cli/option.h"

typedef void (*visitor)(const struct command *command, const char *full_name);

static void visit(const struct command *const *table, const char *prefix, visitor act)
{
	for (; *table; table++) {
		char name[64];

		snprintf(name, sizeof(name), "%s%s", prefix, (*table)->name);
		act(*table, name);
		if ((*table)->subcommands) {
			snprintf(name, sizeof(name), "%s%s ", prefix, (*table)->name);
			visit((*table)->subcommands, name, act);
		}
	}
}

static void check_command(const struct command *command, const char *full_name)
{
	size_t length = strlen(command->summary);

	print_message("%s\n", full_name);
	assert_true(isupper(command->summary[0]) && command->summary[length - 1] != '.');
	assert_true(length <= 80);
	assert_true(command->run || command->subcommands || strcmp(full_name, "help") == 0);
	assert_true(command->max_args < 0 || command->max_args >= command->min_args);
	assert_true(!command->options || command->flags_size > 0);
}

static void every_command_has_a_summary_and_something_to_run(void **state)
{
	(void)state;
	visit(commands, "", check_command);
}

static void check_row(const struct command *command, const struct command_option *row)
{
	assert_true(text_is_made_of(row->name, "abcdefghijklmnopqrstuvwxyz-"));
	assert_ptr_equal(option_find(command->options, row->name), row);
	assert_true(row->letter == 0 || isalpha(row->letter));
	if (!row->help)
		return;
	assert_non_null(row->read);
	assert_true(row->help[0] && row->help[strlen(row->help) - 1] != '.');
	assert_true(strlen(row->name) + strlen(row->help) + (row->argument ? strlen(row->argument) : 0) < 110);
}

static void check_options(const struct command *command, const char *full_name)
{
	bool has_letter[256] = { false };

	(void)full_name;
	for (size_t t = 0; command->options && command->options[t]; t++) {
		for (const struct command_option *row = command->options[t]; row->name; row++) {
			print_message("%s --%s\n", full_name, row->name);
			check_row(command, row);
			assert_true(row == command->options[t] || strcmp(row[-1].name, row->name) < 0);
			assert_false(row->letter && has_letter[(unsigned char)row->letter]);
			has_letter[(unsigned char)row->letter] = true;
		}
	}
}

static void every_option_is_explained_and_sorted_and_its_letter_its_own(void **state)
{
	(void)state;
	visit(commands, "", check_options);
}

static void check_help(const struct command *command, const char *full_name)
{
	AUTO_DONE(strbuf) text = { 0 };
	size_t width = 0;

	help_print_command(command, full_name, &text);
	assert_int_equal(strbuf_status(&text), 0);
	assert_true(text_starts_with(text.data, "Usage: zlayer "));
	assert_non_null(strstr(text.data, command->summary));
	for (const char *p = text.data; *p; p++) {
		width = *p == '\n' ? 0 : width + 1;
		assert_true(width <= 120);
	}
}

static void help_fits_a_terminal(void **state)
{
	(void)state;
	visit(commands, "", check_help);
}

static void the_overview_names_every_command_but_hidden_ones(void **state)
{
	AUTO_DONE(strbuf) text = { 0 };

	(void)state;
	help_print_overview(&text);
	for (size_t i = 0; commands[i]; i++) {
		autofree char *line = text_format("\n  %s ", commands[i]->name);

		assert_true((strstr(text.data, line) != NULL) == (commands[i]->group != GROUP_HIDDEN));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_a_summary_and_something_to_run),
		cmocka_unit_test(every_option_is_explained_and_sorted_and_its_letter_its_own),
		cmocka_unit_test(help_fits_a_terminal),
		cmocka_unit_test(the_overview_names_every_command_but_hidden_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
