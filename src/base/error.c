/* error.c - error texts are composed in the caller's struct; a text too long ends with "...". */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void mark_truncated(char *msg, size_t size, int wanted)
{
	if (wanted >= 0 && (size_t)wanted >= size)
		memcpy(msg + size - 4, "...", 4);
}

static void set_text(struct error *err, const char *fmt, va_list args)
{
	mark_truncated(err->msg, sizeof(err->msg), vsnprintf(err->msg, sizeof(err->msg), fmt, args));
}

static void append_errno(struct error *err, int r)
{
	size_t used = strlen(err->msg), room = sizeof(err->msg) - used;

	mark_truncated(err->msg + used, room > 4 ? room : 4,
		       room > 4 ? snprintf(err->msg + used, room, ": %s", strerror(r)) : -1);
}

int fail(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -1;
	err->kind = kind;
	err->os_errno = 0;
	va_start(args, fmt);
	set_text(err, fmt, args);
	va_end(args);
	return -1;
}

static enum error_kind kind_of_errno(int r)
{
	switch (r) {
	case ENOENT:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_PERMISSION_DENIED;
	case EEXIST:
	case EBUSY:
		return ERR_CONFLICT;
	case ETIMEDOUT:
		return ERR_TIMEOUT;
	default:
		return ERR_INTERNAL;
	}
}

static int set_with_errno(struct error *err, enum error_kind kind, int r, const char *fmt, va_list args)
{
	if (!err)
		return -1;
	err->kind = kind;
	err->os_errno = r;
	set_text(err, fmt, args);
	append_errno(err, r);
	return -1;
}

int fail_errno(struct error *err, int r, const char *fmt, ...)
{
	va_list args;

	r = r < 0 ? -r : r;
	va_start(args, fmt);
	set_with_errno(err, kind_of_errno(r), r, fmt, args);
	va_end(args);
	return -1;
}

int fail_errno_as(struct error *err, enum error_kind kind, int r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_with_errno(err, kind, r < 0 ? -r : r, fmt, args);
	va_end(args);
	return -1;
}

int fail_while(struct error *err, const char *fmt, ...)
{
	char inner[sizeof(err->msg)];
	va_list args;
	size_t used;

	if (!err)
		return -1;
	memcpy(inner, err->msg, sizeof(inner));
	va_start(args, fmt);
	set_text(err, fmt, args);
	va_end(args);
	used = strlen(err->msg);
	mark_truncated(err->msg, sizeof(err->msg),
		       (int)used + snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", inner));
	return -1;
}

int fail_oom(struct error *err)
{
	return fail_errno(err, ENOMEM, "memory");
}

static const struct {
	const char *name;
	int cli, http;
} kinds[] = { [ERR_NONE] = { "None", 0, 200 },
#define X(kind, name, cli, http) [ERR_##kind] = { name, cli, http },
	      ERROR_KINDS(X)
#undef X
};

const char *error_kind_name(enum error_kind kind)
{
	return kinds[kind].name;
}

int error_kind_exit_status(enum error_kind kind)
{
	return kinds[kind].cli;
}

int error_kind_http_status(enum error_kind kind)
{
	return kinds[kind].http;
}
