/* clock.c - now, and times as text. */
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static uint64_t now(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}

uint64_t clock_realtime_ns(void)
{
	return now(CLOCK_REALTIME);
}

uint64_t clock_monotonic_ns(void)
{
	return now(CLOCK_MONOTONIC);
}

static void put_digits(char *at, unsigned value, int digits)
{
	while (digits-- > 0) {
		at[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Written digit by digit: the log pump calls it for each chunk. */
void clock_format_rfc3339(uint64_t realtime_ns, char ret[CLOCK_RFC3339_SIZE])
{
	time_t seconds = (time_t)(realtime_ns / NSEC_PER_SEC);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	memcpy(ret, "0000-00-00T00:00:00.000000000Z", CLOCK_RFC3339_SIZE);
	put_digits(ret, (unsigned)tm.tm_year + 1900, 4);
	put_digits(ret + 5, (unsigned)tm.tm_mon + 1, 2);
	put_digits(ret + 8, (unsigned)tm.tm_mday, 2);
	put_digits(ret + 11, (unsigned)tm.tm_hour, 2);
	put_digits(ret + 14, (unsigned)tm.tm_min, 2);
	put_digits(ret + 17, (unsigned)tm.tm_sec, 2);
	put_digits(ret + 20, (unsigned)(realtime_ns % NSEC_PER_SEC), 9);
}

static int parse_fraction(const char **at, uint64_t *ret_ns)
{
	uint64_t unit = NSEC_PER_SEC / 10;
	const char *p = *at;

	*ret_ns = 0;
	if (*p != '.')
		return 0;
	for (p++; *p >= '0' && *p <= '9' && unit > 0; p++, unit /= 10)
		*ret_ns += (uint64_t)(*p - '0') * unit;
	*at = p;
	return p[-1] == '.' ? -EINVAL : 0;
}

int clock_parse_rfc3339(const char *text, uint64_t *ret_ns)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t fraction;
	time_t seconds;

	if (!rest || parse_fraction(&rest, &fraction) < 0 || strcmp(rest, "Z") != 0)
		return -EINVAL;
	seconds = timegm(&tm);
	if (seconds < 0)
		return -EINVAL;
	*ret_ns = (uint64_t)seconds * NSEC_PER_SEC + fraction;
	return 0;
}

static const struct {
	uint64_t below, unit; /* seconds */
	const char *one, *many;
} ages[] = {
	{ 1, 1, "Less than a second", NULL },
	{ 60, 1, "1 second", "%llu seconds" },
	{ 3600, 60, "About a minute", "%llu minutes" },
	{ 86400 * 2, 3600, "About an hour", "%llu hours" },
	{ 86400 * 14, 86400, "1 day", "%llu days" },
	{ 86400 * 60, 86400 * 7, "1 week", "%llu weeks" },
	{ 86400 * 730, 86400 * 30, "1 month", "%llu months" },
	{ UINT64_MAX, 86400 * 365, "1 year", "%llu years" },
};

void clock_format_age(uint64_t age_ns, char *ret, size_t size)
{
	uint64_t seconds = age_ns / NSEC_PER_SEC, count;
	size_t i = 0;

	while (seconds >= ages[i].below)
		i++;
	count = seconds / ages[i].unit;
	if (count <= 1 || !ages[i].many)
		snprintf(ret, size, "%s", ages[i].one);
	else
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(ret, size, ages[i].many, (unsigned long long)count);
#pragma GCC diagnostic pop
}
