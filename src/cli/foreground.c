/* foreground.c - staying with a container until it has ended. */
#include "cli/foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli/log_merge.h"

struct following {
	struct zl_client *client;
	const char *id;
	int signals;
	int end_fd;           /* readable once it has ended */
	unsigned times_asked; /* to end: SIGINT and SIGTERM so far */
};

#define PATIENCE 3

/* A program that is PID 1 and handles no SIGINT does not die of it: the third time it is not asked. */
static void pass_signals(struct following *f)
{
	int signo;

	while ((signo = signal_watch_next(f->signals)) > 0) {
		if ((signo == SIGINT || signo == SIGTERM) && ++f->times_asked >= PATIENCE)
			signo = SIGKILL;
		zl_container_kill(f->client, f->id, signo, NULL);
	}
}

/* 1: it has ended; 0: timeout_ms have passed; -1 with err. */
static int wait_for_end(struct following *f, int timeout_ms, struct zl_error *err)
{
	struct pollfd fds[2] = { { .fd = f->signals, .events = POLLIN }, { .fd = f->end_fd, .events = POLLIN } };
	int r;

	do {
		pass_signals(f);
		r = poll(fds, 2, timeout_ms);
		if (r < 0 && errno != EINTR)
			return command_error(err, ZL_ERR_INTERNAL, errno, "poll");
	} while (r != 0 && !fds[1].revents);
	return r != 0;
}

static int print_output(struct following *f, bool is_following, struct zl_error *err)
{
	AUTO_DONE(log_merge) merge = { 0 };
	struct zl_log_options options = { .size = sizeof(options), .is_following = is_following };
	struct zl_log *log = zl_log_open(f->client, f->id, &options, err);
	int going_on;

	if (!log || log_merge_add(&merge, log, NULL, err) < 0)
		return -1;
	while ((going_on = log_merge_print(&merge, err)) > 0) {
		struct pollfd fds[2] = { { .fd = f->signals, .events = POLLIN } };

		log_merge_poll(&merge, fds + 1, 1);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return command_error(err, ZL_ERR_INTERNAL, errno, "poll");
		pass_signals(f);
	}
	return going_on;
}

/* A log that is followed costs 15 ms when it is closed, for the kernel waits until nobody looks at the watch any
 * more: one that ends within BRIEF_MS is printed whole instead. The log may end, being closed by the program, long
 * before it ends. */
#define BRIEF_MS 20

static int follow(struct following *f, struct zl_exit *ret, struct zl_error *err)
{
	int has_ended = wait_for_end(f, BRIEF_MS, err);

	if (has_ended < 0)
		return -1;
	if (!has_ended && (print_output(f, true, err) < 0 || wait_for_end(f, -1, err) < 0))
		return -1;
	if (zl_container_wait(f->client, f->id, ret, err) < 0)
		return -1;
	return has_ended ? print_output(f, false, err) : 0;
}

int foreground_follow(struct zl_client *client, const char *id, int signals, bool has_auto_remove, struct zl_error *err)
{
	struct following following = { .client = client, .id = id, .signals = signals };
	struct zl_exit exit;
	int r;

	if (zl_container_open_wait(client, id, &following.end_fd, err) < 0)
		return -1;
	r = follow(&following, &exit, err);
	close(following.end_fd);
	if (r < 0)
		return -1;
	if (has_auto_remove && zl_container_remove(client, id, ZL_REMOVE_FORCE | ZL_REMOVE_VOLUMES, err) < 0)
		return -1;
	if (!exit.is_known)
		return command_error(err, ZL_ERR_UNEXPECTED_EXIT, 0, "%.12s: ended, and nobody saw how", id);
	return exit.code;
}
