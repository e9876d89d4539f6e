/* time_option.c - points in time as people type them. */
#include "cli/time_option.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"

/* Up to nine digits behind a point, as nanoseconds; *at moves behind them. */
static uint64_t scan_fraction(const char **at)
{
	uint64_t ns = 0, unit = NSEC_PER_SEC / 10;

	if (**at != '.')
		return 0;
	for (++*at; **at >= '0' && **at <= '9' && unit > 0; ++*at, unit /= 10)
		ns += (uint64_t)(**at - '0') * unit;
	return ns;
}

/* "1h30m", "90s", "1.5h", "250ms", as Go writes durations, and d for a day. */
static int parse_duration(const char *text, uint64_t *ret_ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ms", NSEC_PER_MSEC },
		      { "s", NSEC_PER_SEC },
		      { "m", 60 * NSEC_PER_SEC },
		      { "h", 3600 * NSEC_PER_SEC },
		      { "d", 86400 * NSEC_PER_SEC } };
	double total = 0;
	size_t i;

	do {
		char *end;
		double number = *text >= '0' && *text <= '9' ? strtod(text, &end) : -1;

		if (number < 0 || strcspn(text, "xXeE") < (size_t)(end - text))
			return -EINVAL;
		for (i = 0; i < ARRAY_SIZE(units); i++)
			if (text_starts_with(end, units[i].name))
				break;
		if (i == ARRAY_SIZE(units))
			return -EINVAL;
		total += number * (double)units[i].ns;
		text = end + strlen(units[i].name);
	} while (*text);
	if (total > 1e19)
		return -EINVAL;
	*ret_ns = (uint64_t)total;
	return 0;
}

static int parse_unix(const char *text, uint64_t *ret_ns)
{
	size_t n = strspn(text, "0123456789");
	autofree char *seconds = strndup(text, n);
	uint64_t whole, fraction;

	text += n;
	fraction = scan_fraction(&text);
	if (!seconds || *text || parse_u64(seconds, &whole) < 0 || whole > UINT64_MAX / NSEC_PER_SEC - 1)
		return -EINVAL;
	*ret_ns = whole * NSEC_PER_SEC + fraction;
	return 0;
}

/* "Z", "+02:00" or nothing, which is local time. */
static int apply_zone(const char *zone, struct tm *tm, time_t *ret)
{
	struct tm offset = { 0 };
	const char *end;

	if (*zone == '\0') {
		tm->tm_isdst = -1;
		*ret = mktime(tm);
		return 0;
	}
	*ret = timegm(tm);
	if (strcmp(zone, "Z") == 0)
		return 0;
	end = *zone == '+' || *zone == '-' ? strptime(zone + 1, "%H:%M", &offset) : NULL;
	if (!end || *end)
		return -EINVAL;
	*ret += (*zone == '+' ? -1 : 1) * (offset.tm_hour * 3600 + offset.tm_min * 60);
	return 0;
}

static int parse_date(const char *text, uint64_t *ret_ns)
{
	static const char *const forms[] = { "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d" };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct tm tm = { 0 };
		const char *rest = strptime(text, forms[i], &tm);
		uint64_t fraction;
		time_t seconds;

		if (!rest)
			continue;
		fraction = scan_fraction(&rest);
		if (apply_zone(rest, &tm, &seconds) < 0 || seconds < 0)
			continue;
		*ret_ns = (uint64_t)seconds * NSEC_PER_SEC + fraction;
		return 0;
	}
	return -EINVAL;
}

int option_parse_time(const char *text, uint64_t now_ns, uint64_t *ret_ns)
{
	uint64_t age;

	if (parse_unix(text, ret_ns) == 0 || parse_date(text, ret_ns) == 0)
		return 0;
	if (parse_duration(text, &age) < 0)
		return -EINVAL;
	*ret_ns = age < now_ns ? now_ns - age : 0;
	return 0;
}

int option_time(void *target, const char *value, struct zl_error *err)
{
	if (option_parse_time(value, clock_realtime_ns(), target) < 0)
		return usage_error(err, "%s: a time is wanted, such as 10m, 2026-01-31T12:00:00Z or Unix seconds",
				   value);
	return 0;
}
