/* cron_next.c - when a cron expression fires next. Pure: time is an argument. */
#include <errno.h>
#include <stdbool.h>

#include "spec/cron.h"

#define DAY_SECONDS 86400
#define YEAR_END INT64_C(4133980800) /* 2101-01-01 */

/* Days since the epoch of a civil date, and back (proleptic Gregorian; both from the era arithmetic of 400 years). */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day)
{
	int64_t y = year - (month <= 2), era = y / 400;
	int64_t of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned month_length(int64_t year, unsigned month)
{
	static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return lengths[month - 1] + (month == 2 && is_leap(year));
}

struct date {
	int64_t year;
	unsigned month, day;
};

static struct date date_of(int64_t days)
{
	struct date d = { 1970 + days / 366, 1, 1 };

	while (days_from_civil(d.year + 1, 1, 1) <= days)
		d.year++;
	days -= days_from_civil(d.year, 1, 1);
	for (; days >= month_length(d.year, d.month); d.month++)
		days -= month_length(d.year, d.month);
	d.day = (unsigned)days + 1;
	return d;
}

static bool year_fires(const struct cron *c, int64_t year)
{
	unsigned bit = (unsigned)(year - CRON_YEAR_FIRST);

	return c->years[bit / 64] >> bit % 64 & 1;
}

static bool day_fires(const struct cron *c, const struct date *d, int64_t days)
{
	unsigned weekday = (unsigned)((days + 4) % 7) + 1; /* the epoch was a Thursday, 5 */

	return (c->days >> d->day & 1) && (c->weekdays >> weekday & 1);
}

/* The next set bit from `from` on, or -1. */
static int next_bit(uint64_t bits, unsigned from)
{
	bits = from < 64 ? bits >> from << from : 0;
	return bits ? __builtin_ctzll(bits) : -1;
}

/* The first firing second of a day from `from` on, or -1. */
static int64_t next_second(const struct cron *c, int64_t from)
{
	unsigned hour = (unsigned)(from / 3600), minute = (unsigned)(from / 60 % 60), second = (unsigned)(from % 60);

	for (int h = next_bit(c->hours, hour); h >= 0; h = next_bit(c->hours, (unsigned)h + 1)) {
		if ((unsigned)h > hour)
			minute = second = 0;
		for (int m = next_bit(c->minutes, minute); m >= 0; m = next_bit(c->minutes, (unsigned)m + 1)) {
			int s = next_bit(c->seconds, (unsigned)m > minute ? 0 : second);

			if (s >= 0)
				return h * INT64_C(3600) + m * 60 + s;
		}
		minute = second = 0;
		hour = (unsigned)h;
	}
	return -1;
}

/* The first day from `days` on that fires; -1 past the last year. Whole years and months that cannot are skipped. */
static int64_t next_day(const struct cron *c, int64_t days)
{
	struct date d = date_of(days);

	while (d.year <= CRON_YEAR_LAST) {
		if (!year_fires(c, d.year)) {
			d = (struct date){ d.year + 1, 1, 1 };
			continue;
		}
		if (d.day > month_length(d.year, d.month) || !(c->months >> d.month & 1)) {
			d = d.month == 12 ? (struct date){ d.year + 1, 1, 1 } : (struct date){ d.year, d.month + 1, 1 };
			continue;
		}
		days = days_from_civil(d.year, d.month, d.day);
		if (day_fires(c, &d, days))
			return days;
		d.day++;
	}
	return -1;
}

int cron_next(const struct cron *c, int64_t after, int64_t *ret)
{
	int64_t start = after < 0 ? 0 : after + 1, second = start % DAY_SECONDS;

	if (after >= YEAR_END)
		return -ENOENT;
	for (int64_t days = next_day(c, start / DAY_SECONDS); days >= 0; days = next_day(c, days + 1)) {
		int64_t at = next_second(c, days == start / DAY_SECONDS ? second : 0);

		if (at >= 0) {
			*ret = days * DAY_SECONDS + at;
			return 0;
		}
	}
	return -ENOENT;
}
