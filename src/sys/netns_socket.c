/* netns_socket.c - the socket is made by a thread of its own, which enters the namespace and ends: one that had to
 * come back could fail to, and be lost to its owner.
 */
#include "sys/netns_socket.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>

struct request {
	int network_fd, domain, type, protocol;
	int result;
};

static int open_socket(const struct request *r)
{
	int fd = socket(r->domain, r->type | SOCK_CLOEXEC, r->protocol);

	return fd < 0 ? -errno : fd;
}

static void *enter_and_open(void *data)
{
	struct request *r = data;

	r->result = setns(r->network_fd, CLONE_NEWNET) < 0 ? -errno : open_socket(r);
	return NULL;
}

int netns_socket(int network_fd, int domain, int type, int protocol)
{
	struct request request = { network_fd, domain, type, protocol, -EINVAL };
	pthread_t thread;
	int r;

	if (network_fd < 0)
		return open_socket(&request);
	r = pthread_create(&thread, NULL, enter_and_open, &request);
	if (r != 0)
		return -r;
	pthread_join(thread, NULL);
	return request.result;
}
