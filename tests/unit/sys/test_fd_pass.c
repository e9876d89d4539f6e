/* test_fd_pass.c - messages arrive whole, with their descriptors, or not at all. */
#include "support/cmocka_setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/fd_pass.h"

static int pair[2];

static int set_up(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
}

static int tear_down(void **state)
{
	(void)state;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static int count_open(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void descriptors_arrive_in_order_and_close_on_exec(void **state)
{
	int sent[FD_PASS_MOST], received[FD_PASS_MOST], before = count_open();
	struct stat a, b;
	size_t count = 0;
	char text[8];

	(void)state;
	for (size_t n = 0; n <= FD_PASS_MOST; n++) {
		for (size_t i = 0; i < n; i++)
			sent[i] = memfd_create("x", 0);
		assert_int_equal(fd_pass_send(pair[0], "hello", 5, sent, n), 0);
		assert_int_equal(fd_pass_receive(pair[1], text, sizeof(text), received, &count), 5);
		assert_int_equal(count, n);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(fstat(sent[i], &a) | fstat(received[i], &b), 0);
			assert_int_equal(a.st_ino, b.st_ino);
			assert_true(fcntl(received[i], F_GETFD) & FD_CLOEXEC);
			close(sent[i]);
		}
		fd_pass_close(received, &count);
		assert_int_equal(count, 0);
	}
	assert_int_equal(count_open(), before);
}

static void too_many_are_refused(void **state)
{
	int many[FD_PASS_MOST + 1] = { 0 };

	(void)state;
	assert_int_equal(fd_pass_send(pair[0], "x", 1, many, FD_PASS_MOST + 1), -E2BIG);
}

/* More than there is room for: sent by hand, as somebody hostile would. */
static void what_does_not_fit_is_an_error_and_leaks_nothing(void **state)
{
	int many[FD_PASS_MOST + 4] = { 0 }, received[FD_PASS_MOST], before = count_open();
	char control[CMSG_SPACE(sizeof(many))] = { 0 }, text[4];
	struct iovec iov = { .iov_base = text, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	size_t count = 0;

	(void)state;
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(many));
	memcpy(CMSG_DATA(head), many, sizeof(many));
	assert_int_equal(sendmsg(pair[0], &msg, 0), 1);
	assert_int_equal(fd_pass_receive(pair[1], text, sizeof(text), received, &count), -EMSGSIZE);
	assert_int_equal(count, 0);
	assert_int_equal(fd_pass_send(pair[0], "longer than that", 16, many, 2), 0);
	assert_int_equal(fd_pass_receive(pair[1], text, sizeof(text), received, &count), -EMSGSIZE);
	assert_int_equal(count, 0);
	assert_int_equal(count_open(), before);
}

static void the_end_of_a_connection_is_no_message_and_no_signal(void **state)
{
	int received[FD_PASS_MOST];
	size_t count = 7;
	char text[4];

	(void)state;
	shutdown(pair[0], SHUT_RDWR);
	assert_int_equal(fd_pass_receive(pair[1], text, sizeof(text), received, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(fd_pass_send(pair[1], "x", 1, NULL, 0), -EPIPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(descriptors_arrive_in_order_and_close_on_exec, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_does_not_fit_is_an_error_and_leaks_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_of_a_connection_is_no_message_and_no_signal, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
