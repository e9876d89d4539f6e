/* test_netns_socket.c - sockets of another network namespace. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/loopback.h"
#include "sys/netns_socket.h"

struct inside {
	int network_fd, listener, status;
	unsigned port;
};

static int listen_on_loopback(struct inside *in)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);

	in->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(in->listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(in->listener, 1) < 0 ||
	    getsockname(in->listener, (struct sockaddr *)&address, &len) < 0)
		return -errno;
	in->port = ntohs(address.sin_port);
	return 0;
}

/* On a thread of its own, which is in the new namespace alone. */
static void *make_namespace(void *data)
{
	struct inside *in = data;

	if (unshare(CLONE_NEWNET) < 0) {
		in->status = -errno;
		return NULL;
	}
	in->network_fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	in->status = loopback_up();
	if (in->status == 0)
		in->status = listen_on_loopback(in);
	return NULL;
}

static int connect_by(int fd, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
}

static void a_socket_of_the_namespace_reaches_what_listens_there_and_one_of_ours_does_not(void **state)
{
	struct inside in = { -1, -1, 0, 0 };
	pthread_t thread;
	int there, here;

	(void)state;
	pthread_create(&thread, NULL, make_namespace, &in);
	pthread_join(thread, NULL);
	if (in.status == -EPERM)
		skip(); /* a network namespace takes root */
	assert_int_equal(in.status, 0);
	there = netns_socket(in.network_fd, AF_INET, SOCK_STREAM, 0);
	here = netns_socket(-1, AF_INET, SOCK_STREAM, 0);
	assert_true(there >= 0 && here >= 0);
	assert_int_equal(connect_by(there, in.port), 0);
	assert_int_equal(connect_by(here, in.port), -ECONNREFUSED);
	assert_int_equal(fcntl(there, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	close(there);
	close(here);
	close(in.listener);
	close(in.network_fd);
}

static void what_is_no_namespace_is_an_error(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(netns_socket(fd, AF_INET, SOCK_STREAM, 0), -EINVAL);
	assert_int_equal(netns_socket(-1, AF_INET, 12345, 0), -EINVAL);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_of_the_namespace_reaches_what_listens_there_and_one_of_ours_does_not),
		cmocka_unit_test(what_is_no_namespace_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
