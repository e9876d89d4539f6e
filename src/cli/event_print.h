/* event_print.h - what happens to a deployment, a line each on stderr: "web.1: started". */
#pragma once
#include <stdbool.h>

#include <zlayer/deployment.h>

struct event_printer {
	bool has_color;
};

void event_print(const struct event_printer *printer, const struct zl_event *event);

/* The same as a zl_event_callback; userdata is the printer. */
void event_callback(void *userdata, const struct zl_event *event);
