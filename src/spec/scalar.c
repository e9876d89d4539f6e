/* scalar.c - what a plain scalar of YAML 1.2's core schema means. */
#include "spec/scalar.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}
#define IS_ONE_OF(text, ...)                                  \
	is_one_of(text, (const char *const[]){ __VA_ARGS__ }, \
		  sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

bool scalar_is_null(const char *text)
{
	if (*text != 'n' && *text != 'N' && *text != '~') /* most texts */
		return false;
	return IS_ONE_OF(text, "null", "~", "Null", "NULL");
}

int scalar_parse_bool(const char *text, bool *ret)
{
	if (IS_ONE_OF(text, "true", "True", "TRUE"))
		*ret = true;
	else if (IS_ONE_OF(text, "false", "False", "FALSE"))
		*ret = false;
	else
		return -EINVAL;
	return 0;
}

bool scalar_has_leading_zero(const char *text)
{
	text += *text == '-' || *text == '+';
	return text[0] == '0' && text[1] && text[strspn(text, "0123456789")] == '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 99;
}

/* Digits only, at least one. */
static int parse_digits(const char *text, int base, uint64_t *ret)
{
	uint64_t value = 0;
	bool overflow = false;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		int digit = digit_value(*text);

		if (digit >= base)
			return -EINVAL;
		overflow = overflow || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
			   __builtin_add_overflow(value, (uint64_t)digit, &value);
	}
	*ret = value;
	return overflow ? -ERANGE : 0;
}

/* Without its sign: with a prefix of its base, or decimal without leading zeros. */
static int parse_magnitude(const char *text, uint64_t *ret)
{
	static const struct {
		const char *prefix;
		int base;
	} bases[] = { { "0x", 16 }, { "0o", 8 }, { "0b", 2 } };

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (strncmp(text, bases[i].prefix, 2) == 0)
			return parse_digits(text + 2, bases[i].base, ret);
	if (scalar_has_leading_zero(text))
		return -EINVAL;
	return parse_digits(text, 10, ret);
}

int scalar_parse_u64(const char *text, uint64_t *ret)
{
	uint64_t value;
	int r = parse_magnitude(text + (*text == '+'), &value);

	if (r < 0)
		return r;
	*ret = value;
	return 0;
}

int scalar_parse_i64(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	uint64_t value;
	int r = parse_magnitude(text + (negative || *text == '+'), &value);

	if (r < 0)
		return r;
	if (value > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret = (int64_t)(negative ? 0 - value : value);
	return 0;
}

/* [digits][.digits][e[sign]digits] with a digit before the exponent. */
static bool is_decimal(const char *p)
{
	size_t whole = strspn(p, "0123456789"), fraction = 0;

	p += whole;
	if (*p == '.') {
		fraction = strspn(p + 1, "0123456789");
		p += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	if ((*p | 0x20) == 'e') {
		p += 1 + (p[1] == '+' || p[1] == '-');
		if (!strspn(p, "0123456789"))
			return false;
		p += strspn(p, "0123456789");
	}
	return !*p;
}

/* strtod reads the point of the process's locale; ours is always '.'. */
static double to_double(const char *text)
{
	locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double value = c_locale ? strtod_l(text, NULL, c_locale) : strtod(text, NULL);

	if (c_locale)
		freelocale(c_locale);
	return value;
}

int scalar_parse_double(const char *text, double *ret)
{
	const char *unsigned_text = text + (*text == '+' || *text == '-');
	double value;

	if (IS_ONE_OF(text, ".nan", ".NaN", ".NAN")) {
		*ret = NAN;
		return 0;
	}
	if (IS_ONE_OF(unsigned_text, ".inf", ".Inf", ".INF")) {
		*ret = *text == '-' ? -INFINITY : INFINITY;
		return 0;
	}
	if (!is_decimal(unsigned_text))
		return -EINVAL;
	value = to_double(text);
	if (!isfinite(value))
		return -EINVAL;
	*ret = value;
	return 0;
}
