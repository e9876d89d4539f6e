/* shim_client.c - talking to shims: starting one, connecting to one, replacing one that has died. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/memory.h"
#include "runtime/native/native.h"
#include "sys/fd_pass.h"
#include "sys/pidfd.h"
#include "sys/procfs.h"
#include "sys/spawn.h"

static int open_program(struct native *n, struct error *err)
{
	int fd;

	pthread_mutex_lock(&n->lock);
	if (n->shim_fd < 0)
		n->shim_fd = spawn_open_program(n->shim_program);
	fd = n->shim_fd;
	pthread_mutex_unlock(&n->lock);
	return fd < 0 ? fail_errno_as(err, ERR_CONFIGURATION, fd, "%s", n->shim_program) : fd;
}

static int spawn(struct native *n, const char *id, int control, struct error *err)
{
	autoclose int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char *const argv[] = { (char *)"zlayer-shim", (char *)id, NULL };
	const int fds[] = { null, null, null, control };
	int program = open_program(n, err), r;

	if (program < 0)
		return -1;
	if (null < 0)
		return fail_errno(err, errno, "/dev/null");
	r = spawn_detached(program, argv, fds, ARRAY_SIZE(fds));
	return r < 0 ? fail_errno_as(err, ERR_CONFIGURATION, r, "%s", n->shim_program) : 0;
}

int shim_spawn(struct native *n, const char *id, const struct shim_request *request, const int *fds, size_t n_fds,
	       struct error *err)
{
	autoclose int ours = -1, theirs = -1;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_errno(err, errno, "socket pair");
	ours = pair[0];
	theirs = pair[1];
	if (shim_ask(ours, request, fds, n_fds, err) < 0 || spawn(n, id, theirs, err) < 0)
		return -1;
	return TAKE_FD(ours);
}

int shim_ask(int sock, const struct shim_request *request, const int *fds, size_t n_fds, struct error *err)
{
	struct shim_request stamped = *request;
	int r;

	stamped.version = SHIM_PROTOCOL_VERSION;
	r = fd_pass_send(sock, &stamped, sizeof(stamped), fds, n_fds);
	return r < 0 ? fail_errno_as(err, ERR_UNEXPECTED_EXIT, r, "shim") : 0;
}

int shim_receive(int sock, struct shim_reply *ret, struct error *err)
{
	struct shim_reply reply;
	ssize_t n;

	do
		n = recv(sock, &reply, sizeof(reply), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != ECONNRESET)
		return fail_errno(err, errno, "shim");
	if (n <= 0)
		return fail(err, ERR_UNEXPECTED_EXIT, "shim: it has died");
	if (n != (ssize_t)sizeof(reply) || reply.version != SHIM_PROTOCOL_VERSION)
		return fail(err, ERR_INTERNAL, "shim: a reply of protocol version %u", n >= 4 ? reply.version : 0);
	reply.error.msg[sizeof(reply.error.msg) - 1] = '\0';
	if (reply.type == SHIM_FAILED && err)
		*err = reply.error;
	*ret = reply;
	return reply.type == SHIM_FAILED ? -1 : 0;
}

static int adopt(const struct container *c, struct error *err)
{
	const int fds[] = { c->dir_fd, c->run_fd };
	struct shim_reply reply;
	autoclose int sock =
		shim_spawn(c->native, c->id, &(struct shim_request){ .type = SHIM_ADOPT }, fds, ARRAY_SIZE(fds), err);

	return sock < 0 ? -1 : shim_receive(sock, &reply, err);
}

/* Two commands may find the same dead shim: the adopters settle it among themselves, the loser's error is no error. */
int shim_ensure(const struct container *c, const struct run_state *state)
{
	struct error err = { 0 };

	if (process_is_alive(state->shim_pid, state->shim_start_time))
		return 0;
	return adopt(c, &err);
}

static int connect_once(const struct container *c)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char directory[PROCFS_FD_PATH_SIZE];
	autoclose int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return -errno;
	procfs_fd_path(c->run_fd, directory);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", directory, SHIM_SOCKET_NAME);
	if (connect(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return TAKE_FD(sock);
}

#define CONNECT_TRIES 50
#define CONNECT_PAUSE_NS 2000000

/* A refused connection: the shim has died, or its successor has not bound yet. */
int shim_connect(const struct container *c, struct error *err)
{
	for (int i = 0; c->run_fd >= 0 && i < CONNECT_TRIES; i++) {
		AUTO_DONE(run_state) state = { 0 };
		int sock = connect_once(c);

		if (sock >= 0)
			return sock;
		if (sock != -ECONNREFUSED && sock != -ENOENT)
			return fail_errno(err, sock, "shim");
		if (run_state_read(c->run_fd, &state) < 0 || !process_is_alive(state.pid, state.start_time))
			break;
		shim_ensure(c, &state);
		nanosleep(&(struct timespec){ .tv_nsec = CONNECT_PAUSE_NS }, NULL);
	}
	return fail(err, ERR_CONFLICT, "not running");
}

void native_hold(struct native *n, const char *id, int fd)
{
	struct held_start *place = NULL;

	pthread_mutex_lock(&n->lock);
	if (array_reserve((void **)&n->held, &n->held_capacity, n->n_held + 1, sizeof(*n->held)) == 0) {
		place = &n->held[n->n_held++];
		memcpy(place->id, id, ID_HEX_SIZE);
		place->fd = fd;
	}
	pthread_mutex_unlock(&n->lock);
	if (!place)
		close(fd); /* then the shim removes the container itself */
}

int native_take_held(struct native *n, const char *id)
{
	int fd = -1;

	pthread_mutex_lock(&n->lock);
	for (size_t i = 0; i < n->n_held && fd < 0; i++) {
		if (strcmp(n->held[i].id, id) != 0)
			continue;
		fd = n->held[i].fd;
		n->held[i] = n->held[--n->n_held];
	}
	pthread_mutex_unlock(&n->lock);
	return fd;
}
