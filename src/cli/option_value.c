/* option_value.c - readers of option arguments. */
#include "cli/option_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/signal_name.h"
#include "base/text.h"

int option_flag(void *target, const char *value, struct zl_error *err)
{
	bool is_true = !value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	if (!is_true && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
		return usage_error(err, "%s: true or false is wanted", value);
	*(bool *)target = is_true;
	return 0;
}

int option_text(void *target, const char *value, struct zl_error *err)
{
	(void)err;
	*(const char **)target = value;
	return 0;
}

int option_list(void *target, const char *value, struct zl_error *err)
{
	return strv_add(target, value) < 0 ? memory_error(err) : 0;
}

int option_integer(void *target, const char *value, struct zl_error *err)
{
	if (parse_i64(value, target) < 0)
		return usage_error(err, "%s: a whole number is wanted", value);
	return 0;
}

/* "1536", "1.5": digits, and a point between digits. Returns where it ends, or NULL. */
static const char *scan_decimal(const char *text)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0)
		return NULL;
	text += n;
	if (*text != '.')
		return text;
	n = strspn(text + 1, "0123456789");
	return n > 0 ? text + 1 + n : NULL;
}

/* What stands behind the number: nothing, "b", or one of kmgtp with "b" or "ib" behind it, in any case. */
static int unit_shift(const char *unit)
{
	static const char letters[] = "kmgtp";
	const char *at;

	if (*unit == '\0' || strcasecmp(unit, "b") == 0)
		return 0;
	at = strchr(letters, *unit | 0x20);
	if (!at || (unit[1] && strcasecmp(unit + 1, "b") != 0 && strcasecmp(unit + 1, "ib") != 0))
		return -EINVAL;
	return 10 * (int)(at - letters + 1);
}

int option_parse_bytes(const char *text, uint64_t *ret)
{
	const char *end = scan_decimal(text);
	double value;
	int shift;

	if (!end)
		return -EINVAL;
	shift = unit_shift(*end == ' ' ? end + 1 : end);
	if (shift < 0)
		return -EINVAL;
	value = strtod(text, NULL) * (double)(1ULL << shift);
	if (value >= 9223372036854775808.0)
		return -ERANGE;
	*ret = (uint64_t)value;
	return 0;
}

int option_bytes(void *target, const char *value, struct zl_error *err)
{
	if (option_parse_bytes(value, target) < 0)
		return usage_error(err, "%s: a size is wanted, such as 64m, 512k, 1.5g or a number of bytes", value);
	return 0;
}

int option_cpus(void *target, const char *value, struct zl_error *err)
{
	const char *end = scan_decimal(value);
	double cores = end && *end == '\0' ? strtod(value, NULL) : 0;

	if (!(cores > 0) || cores > 1e6)
		return usage_error(err, "%s: a number of cores above 0 is wanted, such as 0.5", value);
	*(double *)target = cores;
	return 0;
}

int option_signal(void *target, const char *value, struct zl_error *err)
{
	int signo = signal_from_name(value);

	if (signo < 0)
		return usage_error(err, "%s: a signal is wanted, such as TERM, SIGTERM or 15", value);
	*(int *)target = signo;
	return 0;
}

int option_seconds(void *target, const char *value, struct zl_error *err)
{
	struct seconds_value *ret = target;
	uint32_t seconds;

	if (parse_u32(value, &seconds) < 0)
		return usage_error(err, "%s: whole seconds are wanted", value);
	*ret = (struct seconds_value){ true, seconds * 1000ULL };
	return 0;
}

int option_format(void *target, const char *value, struct zl_error *err)
{
	if (strcmp(value, "json") != 0 && strcmp(value, "table") != 0)
		return usage_error(err, "%s: table or json is wanted", value);
	*(enum output_format *)target = *value == 'j' ? OUTPUT_JSON : OUTPUT_TABLE;
	return 0;
}

int option_spec_format(void *target, const char *value, struct zl_error *err)
{
	if (strcmp(value, "json") != 0 && strcmp(value, "yaml") != 0)
		return usage_error(err, "%s: yaml or json is wanted", value);
	*(enum output_format *)target = *value == 'j' ? OUTPUT_JSON : OUTPUT_YAML;
	return 0;
}

int option_tail(void *target, const char *value, struct zl_error *err)
{
	struct tail_value *ret = target;

	if (strcmp(value, "all") == 0) {
		*ret = (struct tail_value){ 0 };
		return 0;
	}
	if (parse_u64(value, &ret->lines) < 0)
		return usage_error(err, "%s: a number of lines or all is wanted", value);
	ret->is_set = true;
	return 0;
}
