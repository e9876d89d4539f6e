/* failure.c - errors of the command line's own, in the library's form. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

static int set_error(struct zl_error *err, enum zl_error_kind kind, int os_errno, const char *fmt, va_list args)
{
	size_t used;

	if (!err)
		return -1;
	err->kind = kind;
	err->os_errno = os_errno;
	vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	used = strlen(err->msg);
	if (os_errno)
		snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", strerror(os_errno));
	return -1;
}

int usage_error(struct zl_error *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_error(err, ZL_ERR_INVALID_SPEC, 0, fmt, args);
	va_end(args);
	return -1;
}

int command_error(struct zl_error *err, enum zl_error_kind kind, int os_errno, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_error(err, kind, os_errno, fmt, args);
	va_end(args);
	return -1;
}

int memory_error(struct zl_error *err)
{
	return command_error(err, ZL_ERR_INTERNAL, 0, "out of memory");
}

int error_while(struct zl_error *err, const char *fmt, ...)
{
	char inner[sizeof(err->msg)];
	va_list args;
	size_t used;

	if (!err)
		return -1;
	memcpy(inner, err->msg, sizeof(inner));
	va_start(args, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	used = strlen(err->msg);
	snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", inner);
	return -1;
}
