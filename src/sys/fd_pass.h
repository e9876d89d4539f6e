/* fd_pass.h - one message with fds over a SOCK_SEQPACKET socket. Negative errno. */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#define FD_PASS_MOST 8

/* Sends the whole message. -EPIPE when the other side is gone (no signal is raised). */
int fd_pass_send(int sock, const void *data, size_t len, const int *fds, size_t n_fds);

/* Receives one message of at most size bytes and its fds (O_CLOEXEC, the caller's). The length, 0 at the end of the
 * connection; -EMSGSIZE for one that was cut. */
ssize_t fd_pass_receive(int sock, void *ret, size_t size, int ret_fds[FD_PASS_MOST], size_t *ret_n_fds);

/* Closes and forgets fds[0..*n_fds). */
void fd_pass_close(int *fds, size_t *n_fds);
