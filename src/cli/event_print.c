/* event_print.c - what happens to a deployment, a line each on stderr. */
#include "cli/event_print.h"

#include <stdio.h>

static int color_of(enum zl_event_type type)
{
	switch (type) {
	case ZL_EVENT_FAILED:
	case ZL_EVENT_UNHEALTHY:
		return 31;
	case ZL_EVENT_WARNING:
		return 33;
	case ZL_EVENT_STARTED:
	case ZL_EVENT_ADOPTED:
	case ZL_EVENT_HEALTHY:
		return 32;
	case ZL_EVENT_PULLING:
	case ZL_EVENT_CREATED:
	case ZL_EVENT_WAITING:
	case ZL_EVENT_STOPPING:
	case ZL_EVENT_EXITED:
	case ZL_EVENT_REMOVED:
		break;
	}
	return 2;
}

void event_print(const struct event_printer *printer, const struct zl_event *event)
{
	const char *subject = event->name ? event->name : event->service;
	char code[40] = "";

	if (event->type == ZL_EVENT_EXITED && event->exit.is_known)
		snprintf(code, sizeof(code), " (%d)", event->exit.code);
	else if (event->type == ZL_EVENT_EXITED)
		snprintf(code, sizeof(code), " (unknown)");
	fflush(stdout);
	if (printer->has_color)
		fprintf(stderr, "\033[%dm", color_of(event->type));
	fprintf(stderr, "%s%s%s%s%s%s", subject ? subject : "", subject ? ": " : "", zl_event_type_name(event->type),
		code, event->message ? ": " : "", event->message ? event->message : "");
	fputs(printer->has_color ? "\033[0m\n" : "\n", stderr);
}

void event_callback(void *userdata, const struct zl_event *event)
{
	event_print(userdata, event);
}
