/* test_script.c - the few words of shell that fake containers run. */
#include "support/cmocka_setup.h"

#include "base/clock.h"
#include "base/strbuf.h"
#include "runtime/fake/script.h"

static struct strbuf output;

static void collect(void *data, uint64_t time_ns, enum log_stream stream, const char *text)
{
	(void)data;
	strbuf_addf(&output, "%llu%c%s|", (unsigned long long)(time_ns / NSEC_PER_MSEC),
		    stream == LOG_STDERR ? '!' : ':', text);
}

struct trial {
	struct strv argv, env;
	struct script script;
	struct script_run run;
};

static void begin(struct trial *t, const char *text)
{
	struct error err = { 0 };

	strbuf_done(&output);
	strv_add(&t->argv, "/bin/sh");
	strv_add(&t->argv, "-c");
	strv_add(&t->argv, text);
	strv_add(&t->env, "NAME=value");
	assert_int_equal(script_parse(&t->argv, &t->script, &err), 0);
	script_begin(&t->run, &t->script, &t->env, 0);
}

static void advance_to(struct trial *t, uint64_t ms)
{
	script_advance(&t->run, ms * NSEC_PER_MSEC, collect, NULL);
}

static void finish(struct trial *t)
{
	script_done(&t->script);
	strv_done(&t->argv);
	strv_done(&t->env);
	strbuf_done(&output);
}

static void scripts_end_as_a_shell_would(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *output;
	} cases[] = {
		{ "exit 42", 42, "" },
		{ "true", 0, "" },
		{ "false", 1, "" },
		{ "false; true", 0, "" },
		{ "", 0, "" },
		{ "echo one two; echo 'a;  b'; exit 3", 3, "0:one two|0:a;  b|" },
		{ "echo wrong >&2", 0, "0!wrong|" },
		{ "echo $NAME; echo $OTHER", 0, "0:value|0:|" },
		{ "nonsense 1", 127, "0!sh: nonsense: not found|" },
		{ "sleep 0.25; echo late", 0, "250:late|" },
		{ "kill -9 $$; echo never", 137, "" },
		{ "alive 10", 1, "" },
		{ "alive 0", 0, "" },
		{ "sleep 1 & wait; exit 5", 5, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trial t = { 0 };

		begin(&t, cases[i].text);
		advance_to(&t, 5000);
		assert_true(t.run.has_ended);
		assert_int_equal(t.run.code, cases[i].code);
		assert_string_equal(strbuf_peek(&output), cases[i].output);
		finish(&t);
	}
}

static void signals_do_what_the_traps_say(void **state)
{
	static const struct {
		const char *text;
		int signo;
		bool has_ended;
		int code, signal;
	} cases[] = {
		{ "sleep infinity", SIGTERM, true, 143, SIGTERM },
		{ "sleep infinity", SIGUSR1, false, 0, 0 },
		{ "trap '' TERM; sleep infinity", SIGTERM, false, 0, 0 },
		{ "trap '' TERM; sleep infinity", SIGKILL, true, 137, SIGKILL },
		{ "trap 'exit 7' TERM; sleep 100 & wait", SIGTERM, true, 7, 0 },
		{ "trap 'exit 8' USR1; sleep infinity", SIGUSR1, true, 8, 0 },
		{ "trap 'echo heard' TERM; sleep infinity", SIGTERM, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trial t = { 0 };

		begin(&t, cases[i].text);
		advance_to(&t, 1);
		script_signal(&t.run, cases[i].signo, 2);
		assert_int_equal(t.run.has_ended, cases[i].has_ended);
		assert_int_equal(t.run.code, cases[i].code);
		assert_int_equal(t.run.signal, cases[i].signal);
		finish(&t);
	}
}

static void time_passes_only_as_far_as_it_is_told(void **state)
{
	struct trial t = { 0 };

	(void)state;
	begin(&t, "sleep 1; echo a; sleep 1; echo b; exit 2");
	advance_to(&t, 999);
	assert_string_equal(strbuf_peek(&output), "");
	advance_to(&t, 1500);
	assert_string_equal(strbuf_peek(&output), "1000:a|");
	assert_false(t.run.has_ended);
	advance_to(&t, 9000);
	assert_true(t.run.has_ended);
	assert_int_equal(t.run.ended_ns, 2000 * NSEC_PER_MSEC);
	finish(&t);
}

static void a_program_that_is_not_there_or_not_executable_is_told_apart(void **state)
{
	static const struct {
		const char *argv[3];
		enum error_kind kind;
	} cases[] = {
		{ { "/bin/nothing" }, ERR_COMMAND_NOT_FOUND },
		{ { "nothing", "a", "b" }, ERR_COMMAND_NOT_FOUND },
		{ { "/etc/passwd" }, ERR_NOT_EXECUTABLE },
		{ { "/bin/sleep", "x" }, ERR_START_FAILED },
		{ { "/bin/true" }, ERR_NONE },
		{ { "sleep", "3" }, ERR_NONE },
		{ { "sh", "-c", "nothing" }, ERR_NONE },
		{ { NULL }, ERR_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO_DONE(strv) argv = { 0 };
		AUTO_DONE(script) script = { 0 };
		struct error err = { 0 };

		for (size_t j = 0; j < 3 && cases[i].argv[j]; j++)
			strv_add(&argv, cases[i].argv[j]);
		script_parse(&argv, &script, &err);
		assert_int_equal(err.kind, cases[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_end_as_a_shell_would),
		cmocka_unit_test(signals_do_what_the_traps_say),
		cmocka_unit_test(time_passes_only_as_far_as_it_is_told),
		cmocka_unit_test(a_program_that_is_not_there_or_not_executable_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
