/* main.c - zlayer-shim: parent of one container. Started by the agent with a socket pair on fd 3, over which the
 * first request comes: start a container, or adopt one whose shim has died. By hand, `zlayer-shim --adopt ID` does the
 * latter.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/random.h"
#include "base/strbuf.h"
#include "base/text.h"
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

static int open_below(const char *variable, const char *initial, const char *path, const char *id, struct error *err)
{
	const char *root = getenv(variable);
	autofree char *full = text_format("%s%s/%s", root && *root ? root : initial, path, id);
	int fd = full ? open(full, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (!full)
		return fail_oom(err);
	return fd < 0 ? fail_errno(err, errno, "%s", full) : fd;
}

/* Where things stand is said by the environment; there is no starter to answer. */
static int adopt_by_hand(struct shim *s, const char *id, struct error *err)
{
	s->connections[0].fd = -1;
	if (strlen(id) != ID_HEX_LENGTH || !text_is_made_of(id, TEXT_HEX))
		return fail(err, ERR_NOT_FOUND, "%s: the whole id is wanted, %d hex digits", id, ID_HEX_LENGTH);
	s->container_dir_fd = open_below("ZLAYER_ROOT_DIR", "/var/lib/zlayer", "/containers", id, err);
	if (s->container_dir_fd < 0)
		return -1;
	s->runtime_dir_fd = open_below("ZLAYER_RUNTIME_DIR", "/var/run/zlayer", "", id, err);
	return s->runtime_dir_fd < 0 ? -1 : shim_adopt(s, err);
}

static int begin(struct shim *s, int argc, char **argv, struct error *err)
{
	int r = events_open(s);

	if (r < 0)
		return fail_errno(err, r, "shim");
	return argc == 3 && strcmp(argv[1], "--adopt") == 0 ? adopt_by_hand(s, argv[2], err) : first_request(s, err);
}

int main(int argc, char **argv)
{
	static struct shim s;
	struct shim_reply started = { .type = SHIM_STARTED };
	struct error err = { 0 };

	init(&s);
	if (begin(&s, argc, argv, &err) < 0) {
		server_fail(&s, 0, &err);
		fprintf(stderr, "zlayer-shim: %s\n", err.msg);
		return 1;
	}
	started.pid = s.launch.pid;
	if (server_reply(&s, 0, &started) == 0)
		s.connections[0].wish = WISH_EXIT;
	shim_run(&s);
	return 0;
}
