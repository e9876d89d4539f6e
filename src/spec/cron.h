/* cron.h - cron expressions of 6 or 7 fields: second minute hour day-of-month month day-of-week [year], in UTC.
 *
 * The dialect of the Rust crate `cron`: days of the week are 1 to 7 from Sunday; where both day fields are restricted,
 * both must match; a step may be as large as the field's last value; ranges do not wrap. `?` stands for `*` in the two
 * day fields. @yearly @monthly @weekly @daily @hourly.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"

#define CRON_YEAR_FIRST 1970
#define CRON_YEAR_LAST 2100

/* One bit a value that fires. */
struct cron {
	uint64_t seconds, minutes; /* 0..59 */
	uint32_t hours;            /* 0..23 */
	uint32_t days;             /* of the month, 1..31 */
	uint16_t months;           /* 1..12 */
	uint8_t weekdays;          /* 1..7, 1 is Sunday */
	uint64_t years[3];         /* from CRON_YEAR_FIRST */
};

/* Fails with ERR_INVALID_SPEC, naming the field and what is wrong with it. */
int cron_parse(const char *text, struct cron *ret, struct error *err);

/* The first time strictly after `after` (seconds since the epoch) that fires; -ENOENT when none does before 2101. */
int cron_next(const struct cron *cron, int64_t after, int64_t *ret);
