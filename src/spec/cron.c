/* cron.c - cron expressions: reading them. cron_next.c tells when they fire. */
#include "spec/cron.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A set of up to 192 values, counted from the field's first. */
struct values {
	uint64_t bits[3];
};

static const struct field {
	const char *name;
	unsigned first, last;
	bool may_be_any;   /* takes `?` */
	const char *names; /* from `first`: spellings between blanks, `|` between values; NULL: numbers only */
} fields[] = {
	{ "second", 0, 59, false, NULL },
	{ "minute", 0, 59, false, NULL },
	{ "hour", 0, 23, false, NULL },
	{ "day of month", 1, 31, true, NULL },
	{ "month", 1, 12, false,
	  " jan january | feb february | mar march | apr april | may | jun june | jul july | aug august |"
	  " sep september | oct october | nov november | dec december " },
	{ "day of week", 1, 7, true,
	  " sun sunday | mon monday | tue tues tuesday | wed wednesday | thu thurs thursday | fri friday |"
	  " sat saturday " },
	{ "year", CRON_YEAR_FIRST, CRON_YEAR_LAST, false, NULL },
};
#define N_FIELDS (sizeof(fields) / sizeof(fields[0]))

struct parser {
	const char *p;
	const struct field *field;
	struct error *err;
};

static void skip_blanks(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n')
		s->p++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Blanks around a number or name belong to it: "1 , 2" and "MON - FRI" are what they look like. */
static bool read_ordinal(struct parser *s, unsigned *ret)
{
	const char *start = s->p;
	uint64_t value = 0;

	skip_blanks(s);
	if (!is_digit(*s->p)) {
		s->p = start;
		return false;
	}
	for (; is_digit(*s->p); s->p++)
		if (value < UINT32_MAX)
			value = value * 10 + (uint64_t)(*s->p - '0');
	skip_blanks(s);
	*ret = value > UINT32_MAX ? UINT32_MAX : (unsigned)value;
	return true;
}

static bool read_name(struct parser *s, char ret[16])
{
	const char *start = s->p;
	size_t n = 0;

	skip_blanks(s);
	for (; is_letter(*s->p); s->p++)
		if (n < 15)
			ret[n++] = (char)(*s->p | 0x20);
	ret[n] = '\0';
	if (n == 0) {
		s->p = start;
		return false;
	}
	skip_blanks(s);
	return true;
}

static bool take(struct parser *s, char c)
{
	if (*s->p != c)
		return false;
	s->p++;
	return true;
}

static int check_range(const struct parser *s, unsigned value)
{
	if (value >= s->field->first && value <= s->field->last)
		return 0;
	return fail(s->err, ERR_INVALID_SPEC, "%s %u is out of range (%u to %u%s)", s->field->name, value,
		    s->field->first, s->field->last, s->field->names && s->field->may_be_any ? ", 1 is Sunday" : "");
}

static int name_to_ordinal(const struct parser *s, const char *name, unsigned *ret)
{
	char padded[20];
	const char *hit;

	snprintf(padded, sizeof(padded), " %s ", name);
	if (!s->field->names)
		return fail(s->err, ERR_INVALID_SPEC, "%s takes no name (`%s`)", s->field->name, name);
	hit = strstr(s->field->names, padded);
	if (!hit)
		return fail(s->err, ERR_INVALID_SPEC, "`%s` is no %s", name, s->field->name);
	*ret = s->field->first;
	for (const char *q = s->field->names; q < hit; q++)
		*ret += *q == '|';
	return 0;
}

static void add_range(const struct parser *s, struct values *v, unsigned from, unsigned to, unsigned step)
{
	for (unsigned i = from; i <= to; i += step) {
		unsigned bit = i - s->field->first;

		v->bits[bit / 64] |= 1ULL << bit % 64;
	}
}

/* What a step is taken of, or a specifier without one. */
struct span {
	unsigned from, to;
	bool is_point, is_name;
};

static int check_span(const struct parser *s, const struct span *span)
{
	if (check_range(s, span->from) < 0 || check_range(s, span->to) < 0)
		return -1;
	if (span->from > span->to)
		return fail(s->err, ERR_INVALID_SPEC, "%s %u-%u runs backwards (ranges do not wrap)", s->field->name,
			    span->from, span->to);
	return 0;
}

static int read_named_span(struct parser *s, const char *name, struct span *ret)
{
	char last[16];

	if (name_to_ordinal(s, name, &ret->from) < 0)
		return -1;
	ret->to = ret->from;
	ret->is_name = ret->is_point = true;
	if (!take(s, '-'))
		return 0;
	ret->is_name = ret->is_point = false;
	if (!read_name(s, last))
		return fail(s->err, ERR_INVALID_SPEC, "%s: a name is missing behind `%s-`", s->field->name, name);
	return name_to_ordinal(s, last, &ret->to);
}

static int read_span(struct parser *s, struct span *ret)
{
	char name[16];

	*ret = (struct span){ s->field->first, s->field->last, false, false };
	if (take(s, '*') || (s->field->may_be_any && take(s, '?')))
		return 0;
	if (read_ordinal(s, &ret->from)) {
		ret->to = ret->from;
		ret->is_point = !take(s, '-');
		if (!ret->is_point && !read_ordinal(s, &ret->to))
			return fail(s->err, ERR_INVALID_SPEC, "%s: a number is missing behind `%u-`", s->field->name,
				    ret->from);
	} else if (read_name(s, name)) {
		if (read_named_span(s, name, ret) < 0)
			return -1;
	} else {
		return fail(s->err, ERR_INVALID_SPEC, "%s cannot begin with `%.10s`", s->field->name, s->p);
	}
	return check_span(s, ret);
}

static int read_step(struct parser *s, struct span *span, unsigned *ret)
{
	if (span->is_name)
		return fail(s->err, ERR_INVALID_SPEC, "%s: a step needs a range or a number before it", s->field->name);
	if (!read_ordinal(s, ret))
		return fail(s->err, ERR_INVALID_SPEC, "%s: a number is missing behind `/`", s->field->name);
	if (*ret < 1 || *ret > s->field->last)
		return fail(s->err, ERR_INVALID_SPEC, "%s: step %u is out of range (1 to %u)", s->field->name, *ret,
			    s->field->last);
	if (span->is_point)
		span->to = s->field->last;
	return 0;
}

static int read_field(struct parser *s, struct values *ret)
{
	struct span span;
	unsigned step;

	skip_blanks(s);
	do {
		step = 1;
		if (read_span(s, &span) < 0 || (take(s, '/') && read_step(s, &span, &step) < 0))
			return -1;
		add_range(s, ret, span.from, span.to, step);
	} while (take(s, ','));
	skip_blanks(s);
	return 0;
}

static void store(const struct values v[N_FIELDS], struct cron *ret)
{
	*ret = (struct cron){
		.seconds = v[0].bits[0],
		.minutes = v[1].bits[0],
		.hours = (uint32_t)v[2].bits[0],
		.days = (uint32_t)(v[3].bits[0] << 1),
		.months = (uint16_t)(v[4].bits[0] << 1),
		.weekdays = (uint8_t)(v[5].bits[0] << 1),
	};
	memcpy(ret->years, v[6].bits, sizeof(ret->years));
}

static int parse_fields(const char *text, struct cron *ret, struct error *err)
{
	struct values v[N_FIELDS] = { 0 };
	struct parser s = { text, NULL, err };
	size_t i;

	for (i = 0; i < N_FIELDS; i++) {
		s.field = &fields[i];
		skip_blanks(&s);
		if (!*s.p)
			break;
		if (read_field(&s, &v[i]) < 0)
			return -1;
	}
	if (i == 5)
		return fail(err, ERR_INVALID_SPEC, "there are 5 fields (seconds come first: `0 %.60s`)", text);
	if (i < 6)
		return fail(err, ERR_INVALID_SPEC, "there are %zu fields (second minute hour day month weekday [year])",
			    i);
	if (i == 6)
		add_range(&s, &v[6], CRON_YEAR_FIRST, CRON_YEAR_LAST, 1);
	if (*s.p)
		return fail(err, ERR_INVALID_SPEC, "`%.20s` stands behind the last field", s.p);
	store(v, ret);
	return 0;
}

/* The text a shorthand stands for; NULL when there is none of that name. */
static const char *expand(const char *name, size_t len)
{
	static const char *const shorthands[][2] = {
		{ "@yearly", "0 0 0 1 1 *" }, { "@monthly", "0 0 0 1 * *" }, { "@weekly", "0 0 0 * * 1" },
		{ "@daily", "0 0 0 * * *" },  { "@hourly", "0 0 * * * *" },
	};

	for (size_t i = 0; i < sizeof(shorthands) / sizeof(shorthands[0]); i++)
		if (strlen(shorthands[i][0]) == len && strncmp(shorthands[i][0], name, len) == 0)
			return shorthands[i][1];
	return NULL;
}

/* Five fields as crontab(5) has them are read one place off, so their number is told before what is in them. */
static size_t count_words(const char *text)
{
	size_t n = 0;

	for (const char *p = text; *p;) {
		p += strspn(p, " \t\r\n");
		n += *p != '\0';
		p += strcspn(p, " \t\r\n");
	}
	return n;
}

int cron_parse(const char *text, struct cron *ret, struct error *err)
{
	struct parser s = { text, NULL, err };
	size_t len;
	const char *full;

	skip_blanks(&s);
	if (*s.p != '@') {
		struct error detail = { 0 };

		if (parse_fields(text, ret, &detail) == 0)
			return 0;
		if (count_words(text) == 5)
			return fail(err, ERR_INVALID_SPEC, "there are 5 fields (seconds come first: `0 %.60s`)", s.p);
		return fail(err, ERR_INVALID_SPEC, "%s", detail.msg);
	}
	len = strcspn(s.p, " \t\r\n");
	full = expand(s.p, len);
	if (!full || s.p[len + strspn(s.p + len, " \t\r\n")])
		return fail(err, ERR_INVALID_SPEC, "`%.20s` is unknown (@yearly, @monthly, @weekly, @daily, @hourly)",
			    s.p);
	return parse_fields(full, ret, err);
}
