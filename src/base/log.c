/* log.c - one line a message; the level and the sink are the process's. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const level_names[] = { "error", "warning", "info", "debug" };

static void to_stderr(enum log_level level, const char *message)
{
	fprintf(stderr, "zlayer: %s: %s\n", level_names[level], message);
}

static log_sink current_sink = to_stderr;
static enum log_level current_level = LOG_LEVEL_WARNING;

void log_set_sink(log_sink sink)
{
	current_sink = sink ? sink : to_stderr;
}

void log_set_level(enum log_level level)
{
	current_level = level;
}

void log_message(enum log_level level, const char *fmt, ...)
{
	char text[1024];
	va_list args;

	if (level > current_level)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	current_sink(level, text);
}
