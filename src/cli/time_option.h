/* time_option.h - points in time as `logs --since` takes them: "10m" (ago), Unix seconds, RFC 3339, a local date or
 * time. */
#pragma once
#include <stdint.h>

#include "cli/command.h"

/* now_ns: realtime. 0 or -EINVAL. */
int option_parse_time(const char *text, uint64_t now_ns, uint64_t *ret_ns);

int option_time(void *target, const char *value, struct zl_error *err); /* uint64_t, realtime nanoseconds */
