/* test_spawn.c - own programs are started with what they are given and nothing else, and nobody else notices. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "sys/pidfd.h"
#include "sys/procfs.h"
#include "sys/spawn.h"

static volatile sig_atomic_t n_sigchld;

static void count_sigchld(int signo)
{
	(void)signo;
	n_sigchld++;
}

/* What `sh -c script` writes to its fd 1. */
static char *run_script(const char *script, const int *more, size_t n_more)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	autoclose int program = spawn_open_program("/bin/sh");
	int pipes[2], fds[8] = { 0 };
	char *text = NULL;

	assert_true(program >= 0);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	fds[0] = fds[1] = fds[2] = pipes[1];
	for (size_t i = 0; i < n_more; i++)
		fds[3 + i] = more[i];
	assert_int_equal(spawn_detached(program, argv, fds, 3 + n_more), 0);
	close(pipes[1]);
	assert_int_equal(fd_read_all(pipes[0], 65536, &text, NULL), 0);
	close(pipes[0]);
	return text;
}

static void it_has_the_descriptors_that_it_was_given_and_no_others(void **state)
{
	autoclose int leaked = open("/dev/zero", O_RDONLY);
	autoclose int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	autoclose int full = open("/dev/full", O_RDWR | O_CLOEXEC);
	autofree char *text = NULL;

	(void)state;
	assert_true(leaked >= 0);
	text = run_script("for f in /proc/$$/fd/*; do case $(readlink $f) in */sh*) ;; *) echo ${f##*/} $(readlink "
			  "$f);; esac; done",
			  (int[]){ full, null }, 2);
	assert_non_null(strstr(text, "3 /dev/full\n4 /dev/null\n"));
	assert_null(strstr(text, "/dev/zero"));
}

static void descriptors_may_stand_in_each_others_places(void **state)
{
	autofree char *text = NULL;
	int null = open("/dev/null", O_RDWR), full = open("/dev/full", O_RDWR);
	int a = fcntl(null, F_DUPFD_CLOEXEC, 3), b = fcntl(full, F_DUPFD_CLOEXEC, 3);

	(void)state;
	text = run_script("readlink /proc/$$/fd/3 /proc/$$/fd/4", (int[]){ b, a }, 2);
	assert_string_equal(text, "/dev/full\n/dev/null\n");
	close(a);
	close(b);
	close(null);
	close(full);
}

static void its_environment_is_empty_and_its_session_its_own(void **state)
{
	autofree char *text = run_script("tr '\\0' '\\n' </proc/$$/environ; cut -d' ' -f1,6 /proc/$$/stat", NULL, 0);
	int pid, session;

	(void)state;
	assert_int_equal(sscanf(text, "%d %d", &pid, &session), 2);
	assert_int_equal(pid, session);
	assert_int_not_equal(session, getsid(0));
}

static void the_caller_gets_no_sigchld_and_has_nothing_to_reap(void **state)
{
	struct sigaction action = { .sa_handler = count_sigchld }, former;
	autofree char *text = NULL;

	(void)state;
	sigaction(SIGCHLD, &action, &former);
	text = run_script("echo here", NULL, 0);
	assert_string_equal(text, "here\n");
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(n_sigchld, 0);
	sigaction(SIGCHLD, &former, NULL);
}

static void a_program_that_cannot_be_executed_is_an_error(void **state)
{
	char *const argv[] = { (char *)"x", NULL };
	autoclose int file = spawn_open_program("/etc/passwd");
	int fds[9] = { 0 };

	(void)state;
	assert_int_equal(spawn_open_program("/nowhere"), -ENOENT);
	assert_int_equal(spawn_detached(file, argv, fds, 1), -EACCES);
	assert_int_equal(spawn_detached(file, argv, (int[]){ 9999 }, 1), -EBADF);
	assert_int_equal(spawn_detached(file, argv, fds, 9), -E2BIG);
}

static void its_image_cannot_be_written(void **state)
{
	autofree char *text = run_script("(true >>/proc/$$/exe) 2>&1; exec 9>/proc/$$/exe", NULL, 0);

	(void)state;
	assert_non_null(strstr(text, "ead-only"));
}

/* --- pidfd.c and procfs.c --- */

static pid_t fork_sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	return pid;
}

static void a_pidfd_is_of_the_process_that_was_meant(void **state)
{
	pid_t pid = fork_sleeper();
	struct process_stat st;
	int fd, status;

	(void)state;
	assert_int_equal(process_stat_get(pid, &st), 0);
	assert_int_equal(st.parent, getpid());
	assert_int_equal(pidfd_open_checked(pid, st.start_time + 1), -ESRCH);
	fd = pidfd_open_checked(pid, st.start_time);
	assert_true(fd >= 0);
	assert_true(process_is_alive(pid, st.start_time));
	assert_int_equal(pidfd_signal(fd, SIGKILL), 0);
	assert_int_equal(poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 10000), 1);
	/* A zombie has ended. */
	assert_false(process_is_alive(pid, st.start_time));
	assert_int_equal(pidfd_open_checked(pid, st.start_time), -ESRCH);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(pidfd_signal(fd, SIGKILL), -ESRCH);
	assert_int_equal(process_stat_get(pid, &st), -ESRCH);
	close(fd);
}

static void how_a_reaped_process_ended_is_known_or_not_and_never_made_up(void **state)
{
	pid_t pid = fork();
	int fd, status = 99, r;

	(void)state;
	if (pid == 0)
		_exit(pause() == 0 ? 0 : 42);
	fd = pidfd_open_any(pid);
	assert_true(fd >= 0);
	assert_true(pidfd_exit_status(fd, &status) < 0);
	assert_int_equal(status, 99);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	r = pidfd_exit_status(fd, &status);
	assert_true(r == 0 ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL : status == 99);
	close(fd);
}

static void procfs_is_read_from_one_handle_and_not_past_links(void **state)
{
	char text[64], boot[BOOT_ID_SIZE], again[BOOT_ID_SIZE];

	(void)state;
	assert_int_equal(procfs_get(), procfs_get());
	assert_true(procfs_read("sys/kernel/ostype", text, sizeof(text)) == 6);
	assert_string_equal(text, "Linux\n");
	assert_true(procfs_open("self/root/etc/passwd", O_RDONLY) < 0);
	assert_true(procfs_open("self/exe", O_RDONLY) < 0);
	assert_true(procfs_open("../etc/passwd", O_RDONLY) < 0);
	assert_true(procfs_open("/etc/passwd", O_RDONLY) < 0);
	assert_int_equal(boot_id_get(boot) | boot_id_get(again), 0);
	assert_string_equal(boot, again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_has_the_descriptors_that_it_was_given_and_no_others),
		cmocka_unit_test(descriptors_may_stand_in_each_others_places),
		cmocka_unit_test(its_environment_is_empty_and_its_session_its_own),
		cmocka_unit_test(the_caller_gets_no_sigchld_and_has_nothing_to_reap),
		cmocka_unit_test(a_program_that_cannot_be_executed_is_an_error),
		cmocka_unit_test(its_image_cannot_be_written),
		cmocka_unit_test(a_pidfd_is_of_the_process_that_was_meant),
		cmocka_unit_test(how_a_reaped_process_ended_is_known_or_not_and_never_made_up),
		cmocka_unit_test(procfs_is_read_from_one_handle_and_not_past_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
