/* option_value.h - readers of option arguments: each is an option_reader for a target of the type beside it. */
#pragma once
#include <stdint.h>

#include "base/strv.h"
#include "cli/command.h"

int option_flag(void *target, const char *value, struct zl_error *err);    /* bool */
int option_text(void *target, const char *value, struct zl_error *err);    /* const char *, borrowed */
int option_list(void *target, const char *value, struct zl_error *err);    /* struct strv, appended to */
int option_integer(void *target, const char *value, struct zl_error *err); /* int64_t */
int option_bytes(void *target, const char *value, struct zl_error *err);   /* uint64_t: "64m", "1.5g", units of 1024 */
int option_cpus(void *target, const char *value, struct zl_error *err);    /* double, above 0 */
int option_signal(void *target, const char *value, struct zl_error *err);  /* int */

/* struct seconds_value: whole seconds, as docker's --timeout. */
struct seconds_value {
	bool is_set;
	uint64_t ms;
};
int option_seconds(void *target, const char *value, struct zl_error *err);

enum output_format { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_YAML };
int option_format(void *target, const char *value, struct zl_error *err);      /* enum output_format: table or json */
int option_spec_format(void *target, const char *value, struct zl_error *err); /* yaml or json */

/* A size as docker reads it, for the grammars that hold one. 0 or -EINVAL, -ERANGE. */
int option_parse_bytes(const char *text, uint64_t *ret);

/* struct tail_value: a number of lines, or "all". */
struct tail_value {
	bool is_set;
	uint64_t lines;
};
int option_tail(void *target, const char *value, struct zl_error *err);
