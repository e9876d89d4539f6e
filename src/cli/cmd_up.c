/* cmd_up.c - `zlayer up`: a whole deployment, in the foreground with its logs or left running. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/event_print.h"
#include "cli/log_merge.h"
#include "cli/option_value.h"
#include "cli/output.h"
#include "cli/signal_watch.h"
#include "cli/spec_file.h"
#include <zlayer/deployment.h>

struct up_flags {
	const char *file;
	bool is_detached;
};

#define AT(member) offsetof(struct up_flags, member)

static const struct command_option table[] = {
	{ "build" },
	{ "detach", 'd', NULL, "Return when all is up, and leave it running", option_flag, AT(is_detached) },
	{ "file", 'f', "FILE", "The spec, instead of FILE as argument", option_text, AT(file) },
	{ "force-recreate" },
	{ "pull", 0, "POLICY" },
	{ "scale", 0, "SERVICE=NUMBER" },
	{ "wait" },
	{ 0 },
};

struct session {
	struct zl_client *client;
	struct zl_up *up;
	struct log_merge logs;
	struct event_printer events;
	int signals;
	struct zl_error error; /* of a log that could not be opened */
};

/* One that ran already is shown from now on: what it wrote before, `zlayer logs` prints. */
static int show_log(struct session *session, const struct zl_event *event)
{
	struct zl_container_info *info = zl_container_info_new(session->client, event->container, &session->error);
	struct zl_log_options options = { .size = sizeof(options), .is_following = true };
	autofree char *label = info ? output_label(info) : NULL;
	struct zl_log *log;

	zl_container_info_free(info);
	if (!label)
		return -1;
	if (event->type == ZL_EVENT_ADOPTED)
		options.since_ns = clock_realtime_ns();
	log = zl_log_open(session->client, event->container, &options, &session->error);
	return log ? log_merge_add(&session->logs, log, label, &session->error) : -1;
}

static void on_event(void *userdata, const struct zl_event *event)
{
	struct session *session = userdata;

	log_merge_print(&session->logs, NULL); /* what was written before it happened stands before it */
	event_print(&session->events, event);
	if (event->container && (event->type == ZL_EVENT_STARTED || event->type == ZL_EVENT_ADOPTED) &&
	    show_log(session, event) < 0)
		fprintf(stderr, "zlayer: %s: %s\n", event->name ? event->name : event->container, session->error.msg);
}

static void handle_signals(struct session *session)
{
	int signo;

	while ((signo = signal_watch_next(session->signals)) > 0)
		if (signo == SIGINT || signo == SIGTERM || signo == SIGHUP || signo == SIGQUIT)
			zl_up_stop(session->up);
}

static int wait_for_any(struct session *session, struct zl_error *err)
{
	size_t room = session->logs.count + 2, n = 2;
	autofree struct pollfd *fds = calloc(room, sizeof(*fds));

	if (!fds)
		return memory_error(err);
	fds[0] = (struct pollfd){ .fd = session->signals, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = zl_up_fd(session->up), .events = POLLIN };
	n += log_merge_poll(&session->logs, fds + 2, room - 2);
	if (poll(fds, n, -1) < 0 && errno != EINTR)
		return command_error(err, ZL_ERR_INTERNAL, errno, "poll");
	return 0;
}

static int follow(struct session *session, struct zl_error *err)
{
	int going_on;

	while ((going_on = zl_up_dispatch(session->up, err)) > 0) {
		if (log_merge_print(&session->logs, err) < 0 || wait_for_any(session, err) < 0)
			return -1;
		handle_signals(session);
	}
	log_merge_print(&session->logs, NULL);
	return going_on < 0 ? -1 : zl_up_exit_status(session->up);
}

static int run_session(struct session *session, const struct spec_file *file, char **services, bool is_detached,
		       struct zl_error *err)
{
	struct zl_up_options options = {
		.size = sizeof(options),
		.services = *services ? (const char *const *)services : NULL,
		.is_detached = is_detached,
		.on_event = on_event,
		.userdata = session,
	};
	int status;

	if (is_detached)
		options.on_event = event_callback, options.userdata = &session->events;
	session->up = zl_deployment_up(session->client, file->spec, &options, err);
	if (!session->up)
		return -1;
	if (is_detached)
		status = zl_up_wait(session->up, err);
	else
		status = follow(session, err);
	zl_up_free(session->up);
	return status;
}

static void print_warnings(const struct spec_file *file)
{
	AUTO_DONE(strbuf) text = { 0 };

	if (spec_file_add_problems(file, ZL_SPEC_IGNORED, ZL_SPEC_IGNORED, &text) > 0)
		fprintf(stderr, "not in effect on this node:\n%s", strbuf_peek(&text));
	strbuf_reset(&text);
	spec_file_add_problems(file, ZL_SPEC_WARNING, ZL_SPEC_WARNING, &text);
	fputs(strbuf_peek(&text), stderr);
}

/* What stands in the way, all of it, before anything is done. */
static int check(const struct spec_file *file, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };

	if (zl_spec_check_deployable(file->spec, err) == 0)
		return 0;
	spec_file_add_problems(file, ZL_SPEC_FLAW, ZL_SPEC_REFUSED, &text);
	fputs(strbuf_peek(&text), stderr);
	return -1;
}

static int run(struct call *call, struct zl_error *err)
{
	const struct up_flags *flags = call->flags;
	AUTO_DONE(spec_file) file = { 0 };
	struct session session = { .client = call->client, .signals = -1 };
	bool has_file = !flags->file && call->n_args > 0 && spec_file_is_meant(call->args[0]);
	int status;

	if (spec_file_load(&file, has_file ? call->args[0] : flags->file, err) < 0 || check(&file, err) < 0)
		return -1;
	print_warnings(&file);
	session.logs.has_color = session.events.has_color = wants_color(STDOUT_FILENO);
	if (!flags->is_detached) {
		session.signals = signal_watch_open(err);
		if (session.signals < 0)
			return -1;
	}
	status = run_session(&session, &file, call->args + has_file, flags->is_detached, err);
	log_merge_done(&session.logs);
	if (session.signals >= 0)
		close(session.signals);
	return status;
}

const struct command cmd_up = {
	.name = "up",
	.synopsis = "[OPTION]... [FILE] [SERVICE]...",
	.summary = "Run a deployment: all services of a spec, or these and what they depend on",
	.description =
		"What runs already is taken over, what has changed in the spec is made anew, and a job that ended "
		"with\n"
		"0 is not run again. In the foreground, logs are printed until all has ended; Ctrl-C stops everything "
		"in\n"
		"reverse order, a second one kills it. The exit status is the first one of a container, in the order "
		"of\n"
		"the file, that is not 0; 125 for errors of `up` itself. Containers that end are not restarted yet.\n"
		"Without FILE, the current directory's spec is taken, as `zlayer help validate` says.",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = -1,
	.has_docker_exit_status = true,
	.flags_size = sizeof(struct up_flags),
	.run = run,
};
