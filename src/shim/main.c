/* main.c - zlayer-shim: parent of one container. Started by the agent with a socket pair on fd 3, over which the
 * first request comes: start a container, or adopt one whose shim has died.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "shim/shim.h"
#include "sys/fd_pass.h"

static void init(struct shim *s)
{
	s->container_dir_fd = s->runtime_dir_fd = s->listen_fd = -1;
	for (size_t i = 0; i < SHIM_MOST_CONNECTIONS; i++)
		s->connections[i].fd = -1;
	s->connections[0].fd = SHIM_CONTROL_FD;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* It holds a plan with the values of secrets, and descriptors of the host. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	umask(0022);
	signal(SIGPIPE, SIG_IGN);
}

static int first_request(struct shim *s, struct error *err)
{
	struct shim_request request;
	int fds[FD_PASS_MOST];
	size_t n_fds;
	ssize_t n = fd_pass_receive(SHIM_CONTROL_FD, &request, sizeof(request), fds, &n_fds);

	if (n != (ssize_t)sizeof(request) || request.version != SHIM_PROTOCOL_VERSION)
		return fail(err, ERR_INTERNAL, "shim: the first request is none of protocol version %d",
			    SHIM_PROTOCOL_VERSION);
	if (request.type == SHIM_START && n_fds == 3) {
		int r = plan_map(fds[0], &s->launch.plan);

		close(fds[0]);
		s->container_dir_fd = fds[1];
		s->runtime_dir_fd = fds[2];
		return r < 0 ? fail_errno(err, r, "plan") : shim_start(s, err);
	}
	if (request.type == SHIM_ADOPT && n_fds == 2) {
		s->container_dir_fd = fds[0];
		s->runtime_dir_fd = fds[1];
		return shim_adopt(s, err);
	}
	fd_pass_close(fds, &n_fds);
	return fail(err, ERR_INTERNAL, "shim: the first request is neither a start nor an adoption");
}

int main(void)
{
	static struct shim s;
	struct shim_reply started = { .type = SHIM_STARTED };
	struct error err = { 0 };
	int r;

	init(&s);
	r = events_open(&s);
	if (r < 0)
		fail_errno(&err, r, "shim");
	if (r < 0 || first_request(&s, &err) < 0) {
		server_fail(&s, 0, &err);
		return 1;
	}
	started.pid = s.launch.pid;
	if (server_reply(&s, 0, &started) == 0)
		s.connections[0].wish = WISH_EXIT;
	shim_run(&s);
	return 0;
}
