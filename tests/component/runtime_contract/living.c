/* living.c - waiting by fd, exec, calls at once. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "cases.h"
#include "steps.h"

static int open_wait(const char *id)
{
	struct error err = { 0 };
	int fd = -1;

	if (runtime_open_wait(rt, id, &fd, &err) < 0)
		print_error("%s\n", err.msg);
	assert_true(fd >= 0);
	return fd;
}

void the_wait_fd_is_readable_once_the_container_has_ended(void **state)
{
	char id[ID_HEX_SIZE];
	autoclose int fd = -1;

	(void)state;
	run("c", LASTING, id);
	fd = open_wait(id);
	assert_false(is_readable(fd, 0));
	assert_int_equal(runtime_stop(rt, id, SIGKILL, 0, NULL), 0);
	assert_true(is_readable(fd, 30000));
	assert_int_equal(wait_for(id).code, 137);
}

void the_wait_fd_of_one_that_ended_or_never_ran_is_readable_at_once(void **state)
{
	char ended[ID_HEX_SIZE], pending[ID_HEX_SIZE];
	autoclose int of_ended = -1, of_pending = -1;

	(void)state;
	run("ended", "exit 0", ended);
	wait_for(ended);
	create("pending", "exit 0", pending);
	of_ended = open_wait(ended);
	of_pending = open_wait(pending);
	assert_true(is_readable(of_ended, 0));
	assert_true(is_readable(of_pending, 0));
}

void several_may_wait_for_one_container(void **state)
{
	char id[ID_HEX_SIZE];
	autoclose int first = -1, second = -1;

	(void)state;
	run("c", LASTING, id);
	first = open_wait(id);
	second = open_wait(id);
	assert_int_equal(runtime_stop(rt, id, SIGKILL, 0, NULL), 0);
	assert_true(is_readable(first, 30000));
	assert_true(is_readable(second, 30000));
}

void exec_runs_a_program_and_gives_its_code_and_output(void **state)
{
	AUTO_DONE(strbuf) output = { 0 };
	struct error err = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(exec_script(id, "echo inside; exit 3", 0, &output, &err), 3);
	assert_string_equal(strbuf_peek(&output), "inside\n");
	assert_int_equal(exec_script(id, "kill -9 $$", 0, NULL, &err), 137);
	assert_int_equal(status_of(id), CONTAINER_RUNNING);
}

void exec_in_a_container_that_does_not_run_is_a_conflict(void **state)
{
	struct error err = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	create("c", "exit 0", id);
	assert_int_equal(exec_script(id, "true", 0, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	start(id);
	wait_for(id);
	assert_int_equal(exec_script(id, "true", 0, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
}

void exec_of_a_program_that_is_missing_or_not_executable_is_told(void **state)
{
	struct error err = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(exec_program(id, "/bin/nothing", &err), -1);
	assert_int_equal(err.kind, ERR_COMMAND_NOT_FOUND);
	assert_int_equal(exec_program(id, "/etc/passwd", &err), -1);
	assert_int_equal(err.kind, ERR_NOT_EXECUTABLE);
}

void exec_sees_the_containers_environment(void **state)
{
	AUTO(container_config) config = config_of("c", LASTING);
	AUTO_DONE(strbuf) output = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	strv_add(&config->env, "NAME=value");
	create_config(config, id);
	start(id);
	assert_int_equal(exec_script(id, "echo $NAME", 0, &output, NULL), 0);
	assert_string_equal(strbuf_peek(&output), "value\n");
}

void exec_past_its_time_is_killed_and_told(void **state)
{
	struct error err = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(exec_script(id, "sleep 3", 20, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_TIMEOUT);
	assert_int_equal(status_of(id), CONTAINER_RUNNING);
}

#define N_THREADS 4

static void *live_once(void *name)
{
	char id[ID_HEX_SIZE];

	run(name, "exit 6", id);
	return wait_for(id).code == 6 && runtime_remove(rt, id, 0, NULL) == 0 ? NULL : name;
}

void calls_on_different_containers_may_run_at_once(void **state)
{
	static const char *const names[N_THREADS] = { "a", "b", "c", "d" };
	pthread_t threads[N_THREADS];

	(void)state;
	for (size_t i = 0; i < N_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, live_once, (void *)names[i]), 0);
	for (size_t i = 0; i < N_THREADS; i++) {
		void *failed;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(count_containers(), 0);
}
