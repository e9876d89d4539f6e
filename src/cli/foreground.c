/* foreground.c - staying with a container until it has ended. */
#include "cli/foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "cli/log_merge.h"

struct following {
	struct zl_client *client;
	const char *id;
	int signals;
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

static int follow_output(struct following *f, struct zl_error *err)
{
	AUTO_DONE(log_merge) merge = { 0 };
	struct zl_log *log = zl_log_open(
		f->client, f->id,
		&(struct zl_log_options){ .size = sizeof(struct zl_log_options), .is_following = true }, err);
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

/* The log ends when the program's output does, which may be long before it ends. */
static int follow_end(struct following *f, struct zl_error *err)
{
	struct pollfd fds[2] = { { .fd = f->signals, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
	int r = zl_container_open_wait(f->client, f->id, &fds[1].fd, err);

	if (r < 0)
		return -1;
	do {
		pass_signals(f);
		r = poll(fds, 2, -1);
	} while ((r < 0 && errno == EINTR) || (r >= 0 && !fds[1].revents));
	close(fds[1].fd);
	return r < 0 ? command_error(err, ZL_ERR_INTERNAL, errno, "poll") : 0;
}

int foreground_follow(struct zl_client *client, const char *id, int signals, bool has_auto_remove, struct zl_error *err)
{
	struct following following = { .client = client, .id = id, .signals = signals };
	struct zl_exit exit;

	if (follow_output(&following, err) < 0 || follow_end(&following, err) < 0 ||
	    zl_container_wait(client, id, &exit, err) < 0)
		return -1;
	if (has_auto_remove && zl_container_remove(client, id, ZL_REMOVE_FORCE | ZL_REMOVE_VOLUMES, err) < 0)
		return -1;
	if (!exit.is_known)
		return command_error(err, ZL_ERR_UNEXPECTED_EXIT, 0, "%.12s: ended, and nobody saw how", id);
	return exit.code;
}
