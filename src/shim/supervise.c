/* supervise.c - the loop, and how a container ends: what is in the FIFOs is moved, the record is written, the
 * kernel's and the runtime directory's leftovers go, and only then is anyone told.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "shim/shim.h"
#include "sys/pidfd.h"

#define LOG_RETRY_NS (200 * 1000000L)

static void record_exit(struct shim *s, bool is_known, int status)
{
	s->record.is_known = is_known;
	s->record.code = !is_known ? -1 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	s->record.signal = is_known && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	s->record.oom_killed = cgroup_oom_kills(&s->launch.cgroup) > 0;
	s->record.started_ns = s->state.started_ns;
	s->record.finished_ns = clock_realtime_ns();
	control_set_phase(s, PHASE_ENDED);
}

static void reap_children(struct shim *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == s->launch.pid && !s->is_adopted)
			record_exit(s, true, status);
		else
			server_tell_exec_exit(s, pid, status);
	}
}

static void take_signals(struct shim *s)
{
	struct signalfd_siginfo info;

	while (read(s->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap_children(s);
		else
			control_signal(s, (int)info.ssi_signo);
	}
}

/* An adopted container's pidfd: it has ended, and once it is reaped (the hang-up) the kernel may know how. Until
 * then the readable end is not looked at any more. */
static void check_adopted(struct shim *s, uint32_t events)
{
	struct epoll_event quiet = { .events = 0, .data.u32 = SOURCE_CONTAINER };
	int status = 0, r = pidfd_exit_status(s->launch.pidfd, &status);

	if (r == -EAGAIN && !(events & EPOLLHUP)) {
		epoll_ctl(s->epoll_fd, EPOLL_CTL_MOD, s->launch.pidfd, &quiet);
		return;
	}
	record_exit(s, r == 0, status);
}

static void watch_streams(struct shim *s, uint32_t events)
{
	for (int i = 0; i < 2; i++) {
		struct epoll_event event = { .events = events, .data.u32 = SOURCE_STDOUT + (uint32_t)i };

		epoll_ctl(s->epoll_fd, EPOLL_CTL_MOD, s->pump.fifos[i], &event);
	}
}

/* While the log cannot be written the FIFOs stay readable: they are not looked at until the retry. */
static void pump_stream(struct shim *s, int stream)
{
	if (pump_resume(&s->pump) == 0 && pump_step(&s->pump, stream) >= 0)
		return;
	watch_streams(s, 0);
	events_arm(s->retry_timer_fd, LOG_RETRY_NS);
}

static void drain_timer(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		return;
}

static void dispatch(struct shim *s, const struct epoll_event *event)
{
	switch (event->data.u32) {
	case SOURCE_SIGNAL:
		take_signals(s);
		break;
	case SOURCE_STOP_TIMER:
		drain_timer(s->stop_timer_fd);
		control_kill(s);
		break;
	case SOURCE_RETRY_TIMER:
		drain_timer(s->retry_timer_fd);
		watch_streams(s, EPOLLIN);
		break;
	case SOURCE_LISTEN:
		server_accept(s);
		break;
	case SOURCE_CONTAINER:
		check_adopted(s, event->events);
		break;
	case SOURCE_STDOUT:
	case SOURCE_STDERR:
		pump_stream(s, (int)(event->data.u32 - SOURCE_STDOUT));
		break;
	default:
		server_receive(s, (int)(event->data.u32 - SOURCE_CONNECTION));
	}
}

/* The disk may be full: what is left waits until it is not, up to two seconds after the end. */
static void drain_log(struct shim *s)
{
	uint64_t until = clock_monotonic_ns() + 2 * NSEC_PER_SEC;

	while (pump_drain(&s->pump) < 0 && clock_monotonic_ns() < until)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ .tv_nsec = LOG_RETRY_NS }, NULL);
	pump_close(&s->pump);
}

static void write_record(struct shim *s)
{
	char text[EXIT_RECORD_TEXT_SIZE];
	size_t len = exit_record_print(&s->record, text);

	file_replace_at(s->container_dir_fd, "exit", text, len, 0640, FILE_VOLATILE);
}

static void sync_record(struct shim *s)
{
	autoclose int fd = openat(s->container_dir_fd, "exit", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		fdatasync(fd);
	fsync(s->container_dir_fd);
}

static void clean_runtime_dir(struct shim *s)
{
	static const char *const names[] = { "stdout", "stderr", "pump", SHIM_SOCKET_NAME, "pid" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlinkat(s->runtime_dir_fd, names[i], 0);
}

static void remove_cgroup(struct shim *s)
{
	cgroup_done(&s->launch.cgroup);
	if (s->state.cgroup_path)
		cgroup_remove(s->state.cgroup_path);
}

/* Nobody holds the start of a container that removes itself: the agent's own command does the rest. */
static void run_cleanup(struct shim *s)
{
	static char *const no_environment[] = { NULL };
	size_t count = 0;
	const plan_text *texts =
		s->launch.plan ? plan_get_array(s->launch.plan, s->launch.plan->cleanup_argv, sizeof(*texts), &count)
			       : NULL;
	char *argv[16] = { NULL };

	if (count == 0 || count >= ARRAY_SIZE(argv) || !s->state.has_auto_remove)
		return;
	for (size_t i = 0; i < count; i++)
		argv[i] = (char *)plan_get_text(s->launch.plan, texts[i]);
	execve(argv[0], argv, no_environment);
}

static void end(struct shim *s)
{
	bool is_held = s->connections[0].fd >= 0;

	drain_log(s);
	reap_children(s);
	write_record(s);
	remove_cgroup(s);
	clean_runtime_dir(s);
	server_tell_exit(s);
	if (!s->state.has_auto_remove)
		sync_record(s);
	control_set_phase(s, PHASE_OVER);
	if (!is_held)
		run_cleanup(s);
}

static void watch_container(struct shim *s)
{
	if (s->is_adopted)
		events_watch(s, s->launch.pidfd, SOURCE_CONTAINER);
	events_watch(s, s->pump.fifos[0], SOURCE_STDOUT);
	events_watch(s, s->pump.fifos[1], SOURCE_STDERR);
	if (s->connections[0].fd >= 0)
		events_watch(s, s->connections[0].fd, SOURCE_CONNECTION);
}

void shim_run(struct shim *s)
{
	struct epoll_event events[16];

	watch_container(s);
	reap_children(s);
	while (s->phase < PHASE_ENDED) {
		int n = epoll_wait(s->epoll_fd, events, ARRAY_SIZE(events), -1);

		for (int i = 0; i < n; i++)
			dispatch(s, &events[i]);
	}
	end(s);
}
