/* events.c - what the loop waits for: the epoll set, and the signals and timers in it. */
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>

#include "base/clock.h"
#include "shim/shim.h"

int events_watch(struct shim *s, int fd, uint32_t source)
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

int events_open(struct shim *s)
{
	s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	s->signal_fd = open_signals();
	s->stop_timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	s->retry_timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->epoll_fd < 0 || s->signal_fd < 0 || s->stop_timer_fd < 0 || s->retry_timer_fd < 0)
		return -errno;
	if (events_watch(s, s->signal_fd, SOURCE_SIGNAL) < 0 ||
	    events_watch(s, s->stop_timer_fd, SOURCE_STOP_TIMER) < 0 ||
	    events_watch(s, s->retry_timer_fd, SOURCE_RETRY_TIMER) < 0)
		return -errno;
	return 0;
}

void events_arm(int timer_fd, uint64_t after_ns)
{
	struct itimerspec when = { .it_value = { .tv_sec = (time_t)(after_ns / NSEC_PER_SEC),
						 .tv_nsec = (long)(after_ns % NSEC_PER_SEC) } };

	timerfd_settime(timer_fd, 0, &when, NULL);
}
