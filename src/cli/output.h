/* output.h - what several commands print alike. */
#pragma once
#include "base/json_writer.h"
#include "cli/command.h"
#include <zlayer/container.h>

/* The text and a newline to standard output; a writer that ran out of memory is told here. */
int output_text(struct strbuf *text, struct zl_error *err);

/* One container as an object, with docker's names of `ps --format json` and the agent's own beside them. */
void output_container(struct json_writer *w, const struct zl_container_info *info);

/* A text of JSON, laid out as w lays out. */
int output_json(struct json_writer *w, const char *json, struct zl_error *err);

/* NULL for a time that is not known, else RFC 3339. */
void output_time(struct json_writer *w, const char *key, uint64_t time_ns);

/* `inspect`: the objects that `get` gives for each argument, as one array. Those that fail are reported; the exit
 * status is 1 then. */
int output_inspected(struct call *call,
		     int (*get)(struct zl_client *client, const char *text, char **ret_json, struct zl_error *err),
		     struct zl_error *err);

/* "web.1", "web.canary.1"; of a container without a service its name. The caller's; NULL when memory is out. */
char *output_label(const struct zl_container_info *info);
