/* ending.c - exit codes, stop, kill, remove. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "cases.h"
#include "steps.h"

void the_exit_code_is_the_programs(void **state)
{
	static const struct {
		const char *script;
		int code;
	} cases[] = { { "exit 0", 0 }, { "exit 1", 1 }, { "exit 42", 42 }, { "exit 255", 255 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		autofree char *name = text_format("c%zu", i);
		char id[ID_HEX_SIZE];
		struct exit_record record;

		run(name, cases[i].script, id);
		record = wait_for(id);
		assert_true(record.is_known);
		assert_int_equal(record.code, cases[i].code);
		assert_int_equal(record.signal, 0);
		assert_int_equal(record.asked_by, EXIT_ASKED_NOBODY);
		assert_false(record.oom_killed);
		assert_true(record.finished_ns >= record.started_ns);
		assert_int_equal(status_of(id), CONTAINER_EXITED);
	}
}

void a_second_wait_gives_the_same_record(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record first, second;

	(void)state;
	run("c", "exit 3", id);
	first = wait_for(id);
	second = wait_for(id);
	assert_int_equal(first.code, second.code);
	assert_int_equal(first.finished_ns, second.finished_ns);
	assert_int_equal(first.started_ns, second.started_ns);
}

void a_signal_gives_128_and_its_number(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record record;

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(runtime_kill(rt, id, SIGKILL, NULL), 0);
	record = wait_for(id);
	assert_int_equal(record.code, 137);
	assert_int_equal(record.signal, SIGKILL);
	assert_int_equal(record.asked_by, EXIT_ASKED_USER);
}

static void wait_for_lines(const char *id, unsigned count)
{
	struct log_options options = { .streams = LOG_STDOUT, .is_following = true, .tail_lines = -1 };
	AUTO(log_reader) reader = NULL;

	assert_int_equal(runtime_open_logs(rt, id, &options, &reader, NULL), 0);
	while (count > 0) {
		struct log_entry entry;
		int r = log_reader_next(reader, &entry, NULL);

		assert_true(r == LOG_NEXT_ENTRY || r == LOG_NEXT_WAIT);
		if (r == LOG_NEXT_WAIT)
			assert_true(is_readable(reader->fd, 30000));
		else
			count -= !entry.is_partial;
	}
}

/* Returns when the script has come so far as to write "up". */
static void run_until_up(const char *name, const char *script, const char *stop_signal, char ret_id[ID_HEX_SIZE])
{
	AUTO(container_config) config = config_of(name, script);

	config->stop_signal = stop_signal ? strdup(stop_signal) : NULL;
	create_config(config, ret_id);
	start(ret_id);
	wait_for_lines(ret_id, 1);
}

void stop_sends_the_stop_signal_and_returns_when_it_has_ended(void **state)
{
	char id[ID_HEX_SIZE];

	(void)state;
	run_until_up("c", "trap 'exit 7' TERM; echo up; sleep 1000 & wait", NULL, id);
	assert_int_equal(runtime_stop(rt, id, 0, 30000, NULL), 0);
	assert_int_equal(status_of(id), CONTAINER_EXITED);
	assert_int_equal(wait_for(id).code, 7);
	assert_int_equal(wait_for(id).asked_by, EXIT_ASKED_USER);
}

void stop_sends_the_containers_own_signal_or_the_one_that_is_given(void **state)
{
	static const char script[] = "trap 'exit 3' USR1; trap 'exit 4' HUP; echo up; sleep 1000 & wait";
	char own[ID_HEX_SIZE], given[ID_HEX_SIZE];

	(void)state;
	run_until_up("own", script, "SIGUSR1", own);
	run_until_up("given", script, "SIGUSR1", given);
	assert_int_equal(runtime_stop(rt, own, 0, 30000, NULL), 0);
	assert_int_equal(runtime_stop(rt, given, SIGHUP, 30000, NULL), 0);
	assert_int_equal(wait_for(own).code, 3);
	assert_int_equal(wait_for(given).code, 4);
}

void stop_kills_once_the_grace_has_passed(void **state)
{
	char id[ID_HEX_SIZE];
	uint64_t before;

	(void)state;
	run_until_up("c", "trap '' TERM; echo up; sleep 1000 & wait", NULL, id);
	before = clock_monotonic_ns();
	assert_int_equal(runtime_stop(rt, id, 0, 50, NULL), 0);
	assert_true(clock_monotonic_ns() - before >= 50 * NSEC_PER_MSEC);
	assert_int_equal(wait_for(id).code, 137);
}

void a_grace_of_0_kills_at_once(void **state)
{
	char id[ID_HEX_SIZE];

	(void)state;
	run_until_up("c", "trap 'exit 7' TERM; echo up; sleep 1000 & wait", NULL, id);
	assert_int_equal(runtime_stop(rt, id, 0, 0, NULL), 0);
	assert_int_equal(wait_for(id).code, 137);
}

void stop_ends_the_whole_tree(void **state)
{
	AUTO_DONE(strbuf) log = { 0 };
	struct log_options following = { .streams = LOG_STDOUT | LOG_STDERR, .is_following = true, .tail_lines = -1 };
	char id[ID_HEX_SIZE];

	(void)state;
	run_until_up("c", "trap '' TERM; echo up; sleep 1000 & sleep 1000 & wait", NULL, id);
	assert_int_equal(runtime_stop(rt, id, 0, 10, NULL), 0);
	assert_int_equal(status_of(id), CONTAINER_EXITED);
	read_log(id, &following, &log); /* ends, since nobody holds the other end any more */
	assert_string_equal(strbuf_peek(&log), "1:up|");
}

void stop_and_kill_of_an_ended_container_succeed(void **state)
{
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", "exit 2", id);
	wait_for(id);
	assert_int_equal(runtime_stop(rt, id, 0, GRACE_UNSET, NULL), 0);
	assert_int_equal(runtime_kill(rt, id, SIGTERM, NULL), 0);
	assert_int_equal(wait_for(id).code, 2);
}

static void *stop_patiently(void *id)
{
	return runtime_stop(rt, id, 0, 60000, NULL) < 0 ? id : NULL;
}

void a_second_stop_may_come_while_the_first_one_waits(void **state)
{
	char id[ID_HEX_SIZE];
	pthread_t thread;
	void *failed;

	(void)state;
	run_until_up("c", "trap 'echo heard' TERM; echo up; sleep 1000 & wait; sleep 1000 & wait", NULL, id);
	assert_int_equal(pthread_create(&thread, NULL, stop_patiently, id), 0);
	wait_for_lines(id, 2);
	assert_int_equal(runtime_stop(rt, id, SIGKILL, 0, NULL), 0);
	assert_int_equal(pthread_join(thread, &failed), 0);
	assert_null(failed);
	assert_int_equal(wait_for(id).code, 137);
}

void kill_sends_a_signal_and_does_not_wait(void **state)
{
	struct error err = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run_until_up("c", "trap '' TERM; trap 'exit 9' USR1; echo up; sleep 1000 & wait", NULL, id);
	assert_int_equal(runtime_kill(rt, id, SIGTERM, &err), 0);
	assert_int_equal(status_of(id), CONTAINER_RUNNING);
	assert_int_equal(runtime_kill(rt, id, SIGUSR1, &err), 0);
	assert_int_equal(wait_for(id).code, 9);
}

void remove_of_a_missing_container_succeeds(void **state)
{
	(void)state;
	assert_int_equal(
		runtime_remove(rt, "0000000000000000000000000000000000000000000000000000000000000000", 0, NULL), 0);
	assert_int_equal(runtime_remove(rt, "no id", REMOVE_FORCE, NULL), 0);
}

void remove_of_a_running_container_is_a_conflict_unless_it_is_forced(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(runtime_remove(rt, id, 0, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_int_equal(status_of(id), CONTAINER_RUNNING);
	assert_int_equal(runtime_remove(rt, id, REMOVE_FORCE, &err), 0);
	assert_int_equal(count_containers(), 0);
}

void what_was_removed_is_gone(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };
	struct container_info *info = NULL;

	(void)state;
	run("c", "exit 0", id);
	wait_for(id);
	assert_int_equal(runtime_remove(rt, id, REMOVE_VOLUMES, NULL), 0);
	assert_int_equal(runtime_info(rt, id, &info, &err), -1);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_int_equal(runtime_remove(rt, id, 0, NULL), 0);
	create("c", "exit 0", id); /* its name is free */
}
