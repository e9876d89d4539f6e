/* memory_size.c - amounts of memory. */
#include "spec/memory_size.h"

#include <errno.h>
#include <string.h>

static int read_number(const char **p, uint64_t *ret)
{
	uint64_t value = 0;
	const char *start;

	*p += **p == '+';
	for (start = *p; **p >= '0' && **p <= '9'; (*p)++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(**p - '0'), &value))
			return -EINVAL; /* the number itself is no u64: malformed, as the reference parser has it */
	if (*p == start || value == 0)
		return -EINVAL;
	*ret = value;
	return 0;
}

static int scale(uint64_t value, unsigned power, uint64_t *ret)
{
	if (power > 0 && value > UINT64_MAX >> (10 * power)) {
		*ret = UINT64_MAX;
		return -ERANGE;
	}
	*ret = value << (10 * power);
	return 0;
}

int memory_size_parse(const char *text, uint64_t *ret_bytes)
{
	static const char letters[] = "KMGT";
	const char *p = text, *letter;
	uint64_t value;

	if (read_number(&p, &value) < 0 || !*p)
		return -EINVAL;
	letter = strchr(letters, *p);
	if (!letter || strcmp(p + 1, "i") != 0)
		return -EINVAL;
	return scale(value, (unsigned)(letter - letters) + 1, ret_bytes);
}

int memory_size_parse_mount(const char *text, uint64_t *ret_bytes)
{
	static const char letters[] = "kmgt";
	const char *p = text, *letter;
	uint64_t value;
	int r = memory_size_parse(text, ret_bytes);

	if (r != -EINVAL)
		return r;
	if (read_number(&p, &value) < 0)
		return -EINVAL;
	if (!*p)
		return scale(value, 0, ret_bytes);
	letter = strchr(letters, *p | 0x20);
	if (!letter || p[1])
		return -EINVAL;
	return scale(value, (unsigned)(letter - letters) + 1, ret_bytes);
}
