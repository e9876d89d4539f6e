/* fd_pass.c - one message with fds over a SOCK_SEQPACKET socket. */
#include "sys/fd_pass.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(FD_PASS_MOST * sizeof(int))];
};

int fd_pass_send(int sock, const void *data, size_t len, const int *fds, size_t n_fds)
{
	struct iovec iov = { .iov_base = (void *)data, .iov_len = len };
	union control control = { 0 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (n_fds > FD_PASS_MOST)
		return -E2BIG;
	if (n_fds > 0) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, n_fds * sizeof(int));
	}
	do
		n = sendmsg(sock, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

void fd_pass_close(int *fds, size_t *n_fds)
{
	for (size_t i = 0; i < *n_fds; i++)
		close(fds[i]);
	*n_fds = 0;
}

/* One SCM_RIGHTS message at most: that is all that fits into the room given. */
static void take_fds(struct msghdr *msg, int *ret_fds, size_t *ret_n_fds)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		*ret_n_fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(ret_fds, CMSG_DATA(c), *ret_n_fds * sizeof(int));
	}
}

ssize_t fd_pass_receive(int sock, void *ret, size_t size, int ret_fds[FD_PASS_MOST], size_t *ret_n_fds)
{
	struct iovec iov = { .iov_base = ret, .iov_len = size };
	union control control;
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n;

	*ret_n_fds = 0;
	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	take_fds(&msg, ret_fds, ret_n_fds);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		fd_pass_close(ret_fds, ret_n_fds);
		return -EMSGSIZE;
	}
	return n;
}
