/* test_cron.c - cron expressions: which there are, and when they fire. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "spec/cron.h"

static void expressions_of_the_dialect_are_taken(void **state)
{
	static const char *const texts[] = {
		"* * * * * *",
		"0 0 0 * * *",
		"0 0 3 * * * 2027",
		"0 0 0 ? * *",
		"0 0 0 * * ?",
		"0 0 0 * * 1",
		"0 0 0 * * 7",
		"0 0 0 * * SUN",
		"0 0 0 * * sunday",
		"0 0 0 * * Thurs",
		"0 0 0 1 JAN *",
		"0 0 0 1 january *",
		"0 0/15 * * * *",
		"0 5,10-20/2 * * * *",
		"@daily",
		"@hourly",
		"@weekly",
		"@monthly",
		"@yearly",
		" @daily ",
		"0 0 0 31 2 *",
		"  0 0 0 * * *  ",
		"0  0 0 * * *",
		"0 0 0 * * MON-FRI",
		"0 0 0 * * 1,SUN",
		"30 * * * * * 2026-2030",
		"0 0 0 1, 15 * *",
		"*/59 * * * * *",
		"0 0 0 ?/2 * *",
		"0 0 0 1 FEB-NOV/2 *",
		"0 0 0 1 - 5 * *",
		"0 0 0 * * * */2",
		"0 0 0 * * MON , FRI",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct error err = { 0 };
		struct cron cron;

		if (cron_parse(texts[i], &cron, &err) < 0)
			fail_msg("`%s`: %s", texts[i], err.msg);
	}
}

static void others_are_refused_and_say_why(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "0 fields" },
		{ "*/5 * * * *", "5 fields (seconds come first: `0 */5 * * * *`)" },
		{ "0 0 * * 0", "5 fields" },
		{ "* * * *", "4 fields" },
		{ "0 0 0 * * 0", "day of week 0 is out of range (1 to 7, 1 is Sunday)" },
		{ "0 0 0 * * 8", "day of week 8" },
		{ "0 0 0 L * *", "day of month takes no name (`l`)" },
		{ "0 0 0 1W * *", "`w` is no month" },
		{ "0 0 0 * * 2#1", "year cannot begin with `#1`" },
		{ "@annually", "`@annually` is unknown" },
		{ "@reboot", "unknown" },
		{ "@every 5m", "unknown" },
		{ "@DAILY", "unknown" },
		{ "@daily @daily", "unknown" },
		{ "0 0 0 32 * *", "day of month 32" },
		{ "0 0 24 * * *", "hour 24" },
		{ "0 60 * * * *", "minute 60" },
		{ "0 0 0 0 * *", "day of month 0" },
		{ "0 0 0 * 13 *", "month 13" },
		{ "0 0 0 * * * 1969", "year 1969" },
		{ "0 0 0 * * * 2101", "year 2101" },
		{ "59-5 0 0 * * *", "runs backwards" },
		{ "0 0 0 * * FRI-MON", "runs backwards" },
		{ "*/0 * * * * *", "step 0" },
		{ "0 */100 * * * *", "step 100 is out of range (1 to 59)" },
		{ "0 0 0 * * * * *", "behind the last field" },
		{ "0 0 0 * * Tues/2", "needs a range" },
		{ "0 0 0 * * MON-", "missing behind" },
		{ "0 1- * * * *", "missing behind" },
		{ ", 0 0 * * *", "cannot begin with" },
		{ "? 0 0 * * *", "cannot begin with" },
		{ "0 0 0 * ? *", "cannot begin with" },
		{ "0 0 0 * * MON,TURTLE", "`turtle` is no day of week" },
		{ "4294967296 0 0 * * *", "out of range" },
		{ "-1 0 0 * * *", "cannot begin with" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };
		struct cron cron;

		if (cron_parse(cases[i].text, &cron, &err) == 0)
			fail_msg("`%s` was taken", cases[i].text);
		if (!strstr(err.msg, cases[i].says))
			fail_msg("`%s` says `%s`, not `%s`", cases[i].text, err.msg, cases[i].says);
	}
}

static int64_t at(const char *text)
{
	struct tm tm = { 0 };

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M:%S", &tm));
	return timegm(&tm);
}

static void the_next_time_is_strictly_later(void **state)
{
	static const struct {
		const char *expression, *after, *next;
	} cases[] = {
		{ "* * * * * *", "2026-11-24 08:00:00", "2026-11-24 08:00:01" },
		{ "* * * * * *", "2026-12-31 23:59:59", "2027-01-01 00:00:00" },
		{ "0 0 3 * * *", "2026-11-24 02:59:59", "2026-11-24 03:00:00" },
		{ "0 0 3 * * *", "2026-11-24 03:00:00", "2026-11-25 03:00:00" },
		{ "30 15 10 * * *", "2026-11-24 10:15:31", "2026-11-25 10:15:30" },
		{ "5 * * * * *", "2026-11-24 10:59:05", "2026-11-24 11:00:05" },
		{ "0 0/15 * * * *", "2026-11-24 10:46:00", "2026-11-24 11:00:00" },
		{ "0 0 0 * * SUN", "2026-11-24 00:00:00", "2026-11-29 00:00:00" },
		{ "0 0 0 * * 1", "2026-11-24 00:00:00", "2026-11-29 00:00:00" },
		{ "0 0 0 * * MON-FRI", "2026-11-27 00:00:00", "2026-11-30 00:00:00" },
		{ "0 0 0 29 2 *", "2026-11-24 00:00:00", "2028-02-29 00:00:00" },
		{ "0 0 0 29 2 *", "2096-03-01 00:00:00", NULL }, /* 2100 is no leap year */
		{ "0 0 0 31 * *", "2026-11-24 00:00:00", "2026-12-31 00:00:00" },
		{ "0 0 0 13 * FRI", "2026-11-24 00:00:00", "2027-08-13 00:00:00" }, /* both must match */
		{ "@monthly", "2026-12-01 00:00:00", "2027-01-01 00:00:00" },
		{ "@yearly", "2026-01-01 00:00:00", "2027-01-01 00:00:00" },
		{ "@weekly", "2026-11-24 00:00:00", "2026-11-29 00:00:00" },
		{ "@hourly", "2026-11-24 08:00:00", "2026-11-24 09:00:00" },
		{ "0 0 0 1 1 * 2030", "2026-11-24 00:00:00", "2030-01-01 00:00:00" },
		{ "0 0 0 1 1 * 2020", "2026-11-24 00:00:00", NULL },
		{ "0 0 0 31 2 *", "2026-11-24 00:00:00", NULL },
		{ "59 59 23 31 12 * 2100", "2026-11-24 00:00:00", "2100-12-31 23:59:59" },
		{ "59 59 23 31 12 * 2100", "2100-12-31 23:59:59", NULL },
		{ "0 30 * * * *", "2026-11-24 23:30:00", "2026-11-25 00:30:00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cron cron;
		int64_t next = -1;
		int r;

		assert_int_equal(cron_parse(cases[i].expression, &cron, NULL), 0);
		r = cron_next(&cron, at(cases[i].after), &next);
		assert_int_equal(r, cases[i].next ? 0 : -ENOENT);
		if (cases[i].next && next != at(cases[i].next))
			fail_msg("`%s` after %s gives %lld", cases[i].expression, cases[i].after, (long long)next);
	}
}

/* The search against the definition, second by second. */
static void the_next_time_is_the_first_one_that_matches(void **state)
{
	static const char *const texts[] = { "7,41 */13 2-5 * * *", "0 0 */6 1-7 * MON" };
	int64_t start = at("2027-02-27 00:00:00");

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct cron cron;
		int64_t now = start;

		assert_int_equal(cron_parse(texts[i], &cron, NULL), 0);
		for (int n = 0; n < 12; n++) {
			int64_t next, t = now;
			struct tm tm;

			assert_int_equal(cron_next(&cron, now, &next), 0);
			do {
				time_t second = ++t;

				gmtime_r(&second, &tm);
			} while (!((cron.seconds >> tm.tm_sec & 1) && (cron.minutes >> tm.tm_min & 1) &&
				   (cron.hours >> tm.tm_hour & 1) && (cron.days >> tm.tm_mday & 1) &&
				   (cron.months >> (tm.tm_mon + 1) & 1) && (cron.weekdays >> (tm.tm_wday + 1) & 1)));
			assert_int_equal(next, t);
			now = next;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions_of_the_dialect_are_taken),
		cmocka_unit_test(others_are_refused_and_say_why),
		cmocka_unit_test(the_next_time_is_strictly_later),
		cmocka_unit_test(the_next_time_is_the_first_one_that_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
