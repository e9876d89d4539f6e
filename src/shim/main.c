/* main.c - zlayer-shim: parent of one container. Started by the agent with a socket pair on fd 3, over which the
 * first request comes: start a container, or adopt one whose shim has died.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>

#include "shim/shim.h"
#include "sys/fd_pass.h"

int shim_watch(struct shim *s, int fd, uint32_t source)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = source };

	return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Blocked for good and read from a descriptor; what is not listed keeps its default. */
static int open_signals(void)
{
	static const int watched[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++)
		sigaddset(&set, watched[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int open_loop(struct shim *s)
{
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	s->signal_fd = open_signals();
	s->stop_timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	s->retry_timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->epoll_fd < 0 || s->signal_fd < 0 || s->stop_timer_fd < 0 || s->retry_timer_fd < 0)
		return -errno;
	if (shim_watch(s, s->signal_fd, SOURCE_SIGNAL) < 0 || shim_watch(s, s->stop_timer_fd, SOURCE_STOP_TIMER) < 0 ||
	    shim_watch(s, s->retry_timer_fd, SOURCE_RETRY_TIMER) < 0)
		return -errno;
	return 0;
}

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
	r = open_loop(&s);
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
