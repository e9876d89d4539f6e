/* test_option.c - how a command line is read. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "cli/option.h"
#include "cli/option_value.h"

struct flags {
	bool is_detached, is_loud;
	const char *name;
	struct strv env;
	uint64_t memory;
};

#define AT(member) offsetof(struct flags, member)

static const struct command_option table[] = {
	{ "detach", 'd', NULL, "help", option_flag, AT(is_detached) },
	{ "env", 'e', "NAME=VALUE", "help", option_list, AT(env) },
	{ "loud", 'l', NULL, "help", option_flag, AT(is_loud) },
	{ "memory", 'm', "BYTES", "help", option_bytes, AT(memory) },
	{ "name", 0, "NAME", "help", option_text, AT(name) },
	{ "publish", 'p', "PORTS" },
	{ "tty", 't' },
	{ 0 },
};

static const struct command command = {
	.name = "run",
	.synopsis = "[OPTION]... IMAGE",
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = 2,
};

struct outcome {
	struct flags flags;
	struct zl_error error;
	struct arguments arguments;
	char *items[16];
	int result;
};

static void read_line(struct outcome *ret, int options_end_after, const char *const *words)
{
	struct command c = command;

	*ret = (struct outcome){ 0 };
	c.options_end_after = options_end_after;
	ret->arguments.items = ret->items;
	ret->result = options_read(&c, (char **)words, &ret->flags, &ret->arguments, &ret->error);
}

#define LINE(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static void values_stand_behind_a_blank_an_equals_sign_or_the_letter(void **state)
{
	const char *const *const lines[] = {
		LINE("--memory", "64m", "image"), LINE("--memory=64m", "image"), LINE("-m", "64m", "image"),
		LINE("-m64m", "image"),           LINE("-m=64m", "image"),       LINE("-dm64m", "image"),
		LINE("-dm", "64m", "image"),      LINE("image", "-m", "64m"),
	};
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		read_line(&o, 0, lines[i]);
		assert_int_equal(o.result, 0);
		assert_int_equal(o.flags.memory, 64 << 20);
		assert_int_equal(o.arguments.count, 1);
		assert_string_equal(o.items[0], "image");
	}
}

static void flags_are_bundled_and_may_be_denied(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 0, LINE("-dl"));
	assert_true(o.flags.is_detached && o.flags.is_loud);
	read_line(&o, 0, LINE("-d", "--detach=false", "--loud=true"));
	assert_true(!o.flags.is_detached && o.flags.is_loud);
	read_line(&o, 0, LINE("--detach=maybe"));
	assert_string_equal(o.error.msg, "--detach: maybe: true or false is wanted");
}

static void a_repeated_option_adds_to_its_list(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 0, LINE("-e", "A=1", "--env=B=2", "-eC=3"));
	assert_int_equal(o.flags.env.count, 3);
	assert_string_equal(o.flags.env.items[1], "B=2");
	assert_string_equal(o.flags.env.items[2], "C=3");
	strv_done(&o.flags.env);
}

static void what_follows_the_image_belongs_to_its_program(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 1, LINE("-d", "image", "ls", "-l", "--name", "x"));
	assert_int_equal(o.result, 0);
	assert_int_equal(o.arguments.count, 5);
	assert_false(o.flags.is_loud);
	assert_string_equal(o.items[2], "-l");
	assert_null(o.items[5]);
}

static void two_dashes_end_the_options(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 0, LINE("--", "-d", "--"));
	assert_int_equal(o.arguments.count, 2);
	assert_string_equal(o.items[0], "-d");
	assert_string_equal(o.items[1], "--");
}

static void a_single_dash_is_an_argument(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 0, LINE("-"));
	assert_int_equal(o.arguments.count, 1);
}

static void mistakes_say_what_would_be_right(void **state)
{
	const struct {
		const char *const *line;
		const char *message;
	} cases[] = {
		{ LINE("--detatch"), "unknown option --detatch: did you mean --detach?" },
		{ LINE("--zzzzzzzz"), "unknown option --zzzzzzzz (zlayer help run lists them)" },
		{ LINE("--mem=1"), "unknown option --mem (zlayer help run lists them)" },
		{ LINE("-x"), "unknown option -x (zlayer help run lists them)" },
		{ LINE("--name"), "--name: needs an argument: NAME" },
		{ LINE("-dm"), "-m: needs an argument: BYTES" },
		{ LINE("--publish", "80"), "--publish: not available yet" },
		{ LINE("-p80:80"), "-p: not available yet" },
		{ LINE("-dt"), "-t: not available yet" },
		{ LINE("-m", "64q"), "-m: 64q: a size is wanted, such as 64m, 512k, 1.5g or a number of bytes" },
	};
	struct outcome o;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		read_line(&o, 0, cases[i].line);
		assert_int_equal(o.result, -1);
		assert_string_equal(o.error.msg, cases[i].message);
	}
}

static void help_is_everywhere_but_behind_the_arguments_of_another_program(void **state)
{
	struct outcome o;

	(void)state;
	read_line(&o, 0, LINE("image", "--help"));
	assert_true(o.arguments.wants_help);
	read_line(&o, 1, LINE("--name", "x", "--help"));
	assert_true(o.arguments.wants_help);
	read_line(&o, 1, LINE("image", "--help"));
	assert_false(o.arguments.wants_help);
}

static void the_number_of_arguments_is_checked(void **state)
{
	struct zl_error err;

	(void)state;
	assert_int_equal(arguments_check(&command, "run", 0, &err), -1);
	assert_string_equal(err.msg, "run: an argument is missing (usage: zlayer run [OPTION]... IMAGE)");
	assert_int_equal(arguments_check(&command, "run", 3, &err), -1);
	assert_int_equal(arguments_check(&command, "run", 2, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_stand_behind_a_blank_an_equals_sign_or_the_letter),
		cmocka_unit_test(flags_are_bundled_and_may_be_denied),
		cmocka_unit_test(a_repeated_option_adds_to_its_list),
		cmocka_unit_test(what_follows_the_image_belongs_to_its_program),
		cmocka_unit_test(two_dashes_end_the_options),
		cmocka_unit_test(a_single_dash_is_an_argument),
		cmocka_unit_test(mistakes_say_what_would_be_right),
		cmocka_unit_test(help_is_everywhere_but_behind_the_arguments_of_another_program),
		cmocka_unit_test(the_number_of_arguments_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
