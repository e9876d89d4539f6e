/* duration.c - durations as people write them. */
#include "spec/duration.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000000000ULL
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define WEEK (7 * DAY)
#define MONTH (2630016 * SECOND)
#define YEAR (31557600 * SECOND)

static const struct unit {
	const char *names; /* each between blanks */
	uint64_t ns;
} units[] = {
	{ " ns nsec nanos ", 1 },
	{ " us \xc2\xb5s usec ", 1000 },
	{ " ms msec millis ", 1000000 },
	{ " s sec secs second seconds ", SECOND },
	{ " m min mins minute minutes ", MINUTE },
	{ " h hr hrs hour hours ", HOUR },
	{ " d day days ", DAY },
	{ " w wk wks week weeks ", WEEK },
	{ " M month months ", MONTH },
	{ " y yr yrs year years ", YEAR },
};

/* A number as it was written: whole and a fraction of numerator / denominator. */
struct number {
	uint64_t whole, numerator, denominator;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, and the two bytes of the micro sign. */
static size_t unit_length(const char *p)
{
	size_t n = 0;

	for (;;)
		if ((p[n] >= 'a' && p[n] <= 'z') || (p[n] >= 'A' && p[n] <= 'Z'))
			n++;
		else if (p[n] == '\xc2' && p[n + 1] == '\xb5')
			n += 2;
		else
			return n;
}

static const struct unit *find_unit(const char *name, size_t len)
{
	char padded[16];

	if (len > sizeof(padded) - 3)
		return NULL;
	snprintf(padded, sizeof(padded), " %.*s ", (int)len, name);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strstr(units[i].names, padded))
			return &units[i];
	return NULL;
}

static bool add_digit(uint64_t *value, char digit)
{
	return !__builtin_mul_overflow(*value, 10, value) &&
	       !__builtin_add_overflow(*value, (uint64_t)(digit - '0'), value);
}

/* Digits, blanks between them ignored. Returns what stands behind, NULL on overflow. */
static const char *read_digits(const char *p, uint64_t *value, uint64_t *scale, size_t *count)
{
	for (*count = 0; is_digit(*p) || is_blank(*p); p++) {
		if (is_blank(*p))
			continue;
		if (!add_digit(value, *p) || (scale && __builtin_mul_overflow(*scale, 10, scale)))
			return NULL;
		(*count)++;
	}
	return p;
}

static const char *read_number(const char *p, struct number *ret, struct error *err)
{
	size_t count;

	*ret = (struct number){ .denominator = 1 };
	p = read_digits(p, &ret->whole, NULL, &count);
	if (p && *p == '.') {
		p = read_digits(p + 1, &ret->numerator, &ret->denominator, &count);
		if (p && count == 0) {
			fail(err, ERR_INVALID_SPEC, "no digit stands behind the decimal point");
			return NULL;
		}
	}
	if (!p)
		fail(err, ERR_INVALID_SPEC, "the number is too large");
	return p;
}

static int add_part(uint64_t *total, const struct number *n, const struct unit *u, struct error *err)
{
	uint64_t whole, fraction;

	if (__builtin_mul_overflow(n->whole, u->ns, &whole) || __builtin_mul_overflow(n->numerator, u->ns, &fraction))
		return fail(err, ERR_INVALID_SPEC, "the duration is too long (at most 584 years)");
	if (fraction % n->denominator)
		return fail(err, ERR_INVALID_SPEC, "the fraction is no whole number of nanoseconds");
	if (__builtin_add_overflow(*total, whole, total) ||
	    __builtin_add_overflow(*total, fraction / n->denominator, total))
		return fail(err, ERR_INVALID_SPEC, "the duration is too long (at most 584 years)");
	return 0;
}

static int fail_unit(const char *p, size_t len, const struct number *n, struct error *err)
{
	if (*p && len == 0)
		return fail(err, ERR_INVALID_SPEC, "unexpected character `%.1s` (write 30s, 5m, 1h 30m)", p);
	if (len == 0)
		return fail(err, ERR_INVALID_SPEC, "a unit is missing (%llus or %llums)", (unsigned long long)n->whole,
			    (unsigned long long)n->whole);
	return fail(err, ERR_INVALID_SPEC, "unknown unit `%.*s` (ns, us, ms, s, m, h, d, w, M for months, y)", (int)len,
		    p);
}

/* One number and its unit. Returns what stands behind them and the blanks after, NULL when they are wrong. */
static const char *read_part(const char *p, uint64_t *total, struct error *err)
{
	const struct unit *u;
	struct number n;
	size_t len;

	if (!is_digit(*p)) {
		fail(err, ERR_INVALID_SPEC, "a number is missing before `%.10s` (write 30s, 5m, 1h 30m)", p);
		return NULL;
	}
	p = read_number(p, &n, err);
	if (!p)
		return NULL;
	len = unit_length(p);
	u = find_unit(p, len);
	if (!u) {
		fail_unit(p, len, &n, err);
		return NULL;
	}
	if (add_part(total, &n, u, err) < 0)
		return NULL;
	for (p += len; is_blank(*p); p++)
		;
	return p;
}

int duration_parse(const char *text, uint64_t *ret_ns, struct error *err)
{
	uint64_t total = 0;
	const char *p = text;

	while (is_blank(*p))
		p++;
	if (!*p)
		return fail(err, ERR_INVALID_SPEC, "the duration is empty (write 30s, 5m, 1h 30m)");
	if (strcmp(text, "0") != 0)
		while (*p) {
			p = read_part(p, &total, err);
			if (!p)
				return -1;
		}
	*ret_ns = total;
	return 0;
}

void duration_format(uint64_t ns, char ret[DURATION_TEXT_SIZE])
{
	static const struct {
		const char *name;
		uint64_t ns;
		bool has_plural;
	} parts[] = {
		{ "year", YEAR, true },   { "month", MONTH, true }, { "day", DAY, true },
		{ "h", HOUR, false },     { "m", MINUTE, false },   { "s", SECOND, false },
		{ "ms", 1000000, false }, { "us", 1000, false },    { "ns", 1, false },
	};
	size_t used = 0;

	snprintf(ret, DURATION_TEXT_SIZE, "0s");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		uint64_t n = ns / parts[i].ns;

		ns %= parts[i].ns;
		if (n)
			used += (size_t)snprintf(ret + used, DURATION_TEXT_SIZE - used, "%s%llu%s%s", used ? " " : "",
						 (unsigned long long)n, parts[i].name,
						 n > 1 && parts[i].has_plural ? "s" : "");
	}
}
