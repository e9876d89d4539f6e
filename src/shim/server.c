/* server.c - the socket: requests from clients, answers to them. A client that does not read is cut off, never
 * waited for. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "shim/shim.h"
#include "sys/fd_pass.h"
#include "sys/pidfd.h"

/* Bound by a short relative name: the whole path may be longer than sun_path. */
int server_open(struct shim *s)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = SHIM_SOCKET_NAME };
	mode_t former;
	int r;

	s->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listen_fd < 0 || fchdir(s->runtime_dir_fd) < 0)
		return -errno;
	unlink(SHIM_SOCKET_NAME);
	former = umask(0177);
	r = bind(s->listen_fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	umask(former);
	if (r == 0 && (listen(s->listen_fd, SHIM_MOST_CONNECTIONS) < 0 || chdir("/") < 0))
		r = -errno;
	return r < 0 ? r : events_watch(s, s->listen_fd, SOURCE_LISTEN);
}

static void drop(struct shim *s, int index)
{
	cleanup_close(&s->connections[index].fd);
	s->connections[index] = (struct connection){ .fd = -1 };
	for (size_t i = 0; i < SHIM_MOST_EXECS; i++)
		if (s->execs[i].pid && s->execs[i].connection == index)
			s->execs[i].connection = -1;
}

static int find_free(const struct shim *s)
{
	for (int i = 1; i < SHIM_MOST_CONNECTIONS; i++)
		if (s->connections[i].fd < 0)
			return i;
	return -1;
}

void server_accept(struct shim *s)
{
	int fd = accept4(s->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), index = find_free(s);

	if (fd < 0)
		return;
	if (index < 0 || events_watch(s, fd, SOURCE_CONNECTION + (uint32_t)index) < 0) {
		close(fd);
		return;
	}
	s->connections[index].fd = fd;
}

int server_reply(struct shim *s, int index, const struct shim_reply *reply)
{
	struct shim_reply stamped = *reply;
	int r;

	stamped.version = SHIM_PROTOCOL_VERSION;
	if (s->connections[index].fd < 0)
		return -EPIPE;
	r = fd_pass_send(s->connections[index].fd, &stamped, sizeof(stamped), NULL, 0);
	if (r < 0)
		drop(s, index);
	return r;
}

void server_fail(struct shim *s, int index, const struct error *err)
{
	server_reply(s, index, &(struct shim_reply){ .type = SHIM_FAILED, .error = *err });
}

static void tell_exit(struct shim *s, int index)
{
	server_reply(s, index, &(struct shim_reply){ .type = SHIM_EXITED, .record = s->record });
}

void server_tell_exit(struct shim *s)
{
	for (int i = 0; i < SHIM_MOST_CONNECTIONS; i++)
		if (s->connections[i].fd >= 0 && s->connections[i].wish == WISH_EXIT)
			tell_exit(s, i);
}

static int code_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void server_tell_exec_exit(struct shim *s, pid_t pid, int status)
{
	for (size_t i = 0; i < SHIM_MOST_EXECS; i++) {
		int index = s->execs[i].connection;

		if (s->execs[i].pid != pid)
			continue;
		s->execs[i] = (struct exec_session){ 0 };
		if (index < 0)
			return;
		s->connections[index].wish = WISH_NOTHING;
		server_reply(s, index, &(struct shim_reply){ .type = SHIM_EXEC_EXITED, .code = code_of(status) });
		return;
	}
}

static struct exec_session *free_exec(struct shim *s)
{
	for (size_t i = 0; i < SHIM_MOST_EXECS; i++)
		if (s->execs[i].pid == 0)
			return &s->execs[i];
	return NULL;
}

static int run_exec(struct shim *s, int index, const int *fds, struct error *err)
{
	struct exec_session *session = free_exec(s);
	const struct plan *plan;
	pid_t pid;
	int r;

	if (!session)
		return fail(err, ERR_CONFLICT, "more than %d programs at once", SHIM_MOST_EXECS);
	r = plan_map(fds[0], &plan);
	if (r < 0)
		return fail_errno(err, r, "plan");
	r = launch_exec(plan, s->launch.pidfd, &s->launch.cgroup, fds + 1, &pid, err);
	plan_unmap(plan);
	if (r < 0)
		return -1;
	*session = (struct exec_session){ .pid = pid, .connection = index };
	s->connections[index].wish = WISH_EXEC;
	server_reply(s, index, &(struct shim_reply){ .type = SHIM_STARTED, .pid = pid });
	return 0;
}

static void handle_exec(struct shim *s, int index, const int *fds, size_t n_fds)
{
	struct error err = { 0 };

	if (n_fds != 4)
		fail(&err, ERR_INTERNAL, "exec: 4 descriptors are wanted, not %zu", n_fds);
	else if (s->phase >= PHASE_ENDED)
		fail(&err, ERR_CONFLICT, "not running");
	else if (run_exec(s, index, fds, &err) == 0)
		return;
	server_fail(s, index, &err);
}

/* Our own child that was not reaped: its number cannot be another's. */
static void signal_exec(struct shim *s, int index, int signo)
{
	for (size_t i = 0; i < SHIM_MOST_EXECS; i++)
		if (s->execs[i].pid && s->execs[i].connection == index)
			kill(s->execs[i].pid, signo);
}

static void handle_signal(struct shim *s, int index, int signo)
{
	struct error err = { 0 };
	int r = control_signal(s, signo);

	if (r == 0) {
		server_reply(s, index, &(struct shim_reply){ .type = SHIM_DONE });
		return;
	}
	fail_errno(&err, r, "signal %d", signo);
	server_fail(s, index, &err);
}

static void handle(struct shim *s, int index, const struct shim_request *request, const int *fds, size_t n_fds)
{
	struct error err = { 0 };

	switch (request->type) {
	case SHIM_WAIT:
	case SHIM_STOP:
		s->connections[index].wish = WISH_EXIT;
		if (s->phase >= PHASE_ENDED)
			return; /* told with the others, in a moment */
		if (request->type == SHIM_STOP)
			control_stop(s, request->signo, request->grace_ms);
		return;
	case SHIM_SIGNAL:
		handle_signal(s, index, request->signo);
		return;
	case SHIM_EXEC:
		handle_exec(s, index, fds, n_fds);
		return;
	case SHIM_EXEC_SIGNAL:
		signal_exec(s, index, request->signo);
		return;
	default:
		fail(&err, ERR_UNSUPPORTED, "request %u", request->type);
		server_fail(s, index, &err);
	}
}

void server_receive(struct shim *s, int index)
{
	struct shim_request request;
	int fds[FD_PASS_MOST];
	size_t n_fds = 0;
	ssize_t n = fd_pass_receive(s->connections[index].fd, &request, sizeof(request), fds, &n_fds);

	if (n == -EAGAIN)
		return;
	if (n != (ssize_t)sizeof(request) || request.version != SHIM_PROTOCOL_VERSION)
		drop(s, index);
	else
		handle(s, index, &request, fds, n_fds);
	fd_pass_close(fds, &n_fds);
}
