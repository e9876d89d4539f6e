/* alloc_fail.c - allocations that fail on purpose, through the linker's --wrap (so that it goes with ASan). */
#include "support/alloc_fail.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/cmocka_setup.h"

/* A run with more allocations than this is taken for an endless one. */
#define ALLOCATIONS_LIMIT 1000000

static unsigned countdown; /* 0: none is to fail */
static enum alloc_fail_mode failing;
static bool has_failed;
static int pauses;

void alloc_fail_arm(unsigned n, enum alloc_fail_mode mode)
{
	countdown = n;
	failing = mode;
	has_failed = false;
}

bool alloc_fail_disarm(void)
{
	countdown = 0;
	return has_failed;
}

void alloc_fail_pause(void)
{
	pauses++;
}

void alloc_fail_resume(void)
{
	pauses--;
}

static bool is_due(void)
{
	if (pauses > 0 || countdown == 0 || (--countdown > 0))
		return false;
	if (failing == ALLOC_FAIL_FROM)
		countdown = 1;
	has_failed = true;
	errno = ENOMEM;
	return true;
}

static unsigned each_in_mode(int (*run)(void *userdata), void *userdata, enum alloc_fail_mode mode)
{
	for (unsigned n = 1; n < ALLOCATIONS_LIMIT; n++) {
		int r;

		alloc_fail_arm(n, mode);
		r = run(userdata);
		if (alloc_fail_disarm())
			continue;
		assert_int_equal(r, 0);
		return n - 1;
	}
	fail_msg("more than %d allocations", ALLOCATIONS_LIMIT);
	return 0;
}

unsigned alloc_fail_each(int (*run)(void *userdata), void *userdata)
{
	each_in_mode(run, userdata, ALLOC_FAIL_FROM);
	return each_in_mode(run, userdata, ALLOC_FAIL_ONE);
}

/* What the linker puts in the place of X when it is told --wrap=X. */
#define WRAP(type, name, parameters, arguments)                   \
	type __real_##name parameters;                            \
	type __wrap_##name parameters;                            \
	type __wrap_##name parameters                             \
	{                                                         \
		return is_due() ? NULL : __real_##name arguments; \
	}

WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *old, size_t size), (old, size))
WRAP(void *, reallocarray, (void *old, size_t count, size_t size), (old, count, size))
WRAP(char *, strdup, (const char *text), (text))
WRAP(char *, strndup, (const char *text, size_t len), (text, len))

struct json_object *__real_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int len)
{
	struct json_object *doc;

	alloc_fail_pause();
	doc = __real_json_tokener_parse_ex(tokener, text, len);
	alloc_fail_resume();
	return doc;
}

__attribute__((format(printf, 2, 0))) int __real_vasprintf(char **ret, const char *fmt, va_list args);
__attribute__((format(printf, 2, 0))) int __wrap_vasprintf(char **ret, const char *fmt, va_list args);
int __wrap_vasprintf(char **ret, const char *fmt, va_list args)
{
	return is_due() ? -1 : __real_vasprintf(ret, fmt, args);
}

__attribute__((format(printf, 2, 3))) int __wrap_asprintf(char **ret, const char *fmt, ...);
int __wrap_asprintf(char **ret, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = __wrap_vasprintf(ret, fmt, args);
	va_end(args);
	return r;
}
