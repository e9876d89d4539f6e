/* duration.h - durations as people write them: "1h 30m", "500ms", "1.5h", "2 weeks".
 *
 * Grammar of the humantime crate (2.x): pairs of a number and a unit, blanks free between them and inside numbers; case
 * counts (m is a minute, M a month of 30.44 days; a year has 365.25). "0" alone needs no unit.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"

/* Exact nanoseconds: a fraction that is none of them and more than 584 years fail. ERR_INVALID_SPEC says what is wrong
 * and what would be right. */
int duration_parse(const char *text, uint64_t *ret_ns, struct error *err);

/* "1h 30m", "7days", "1month 2days", "0s": reads back to the same value. */
#define DURATION_TEXT_SIZE 96
void duration_format(uint64_t ns, char ret[DURATION_TEXT_SIZE]);
