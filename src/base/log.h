/* log.h - one line a message on stderr, for the programs and the layers above sys; a library user may take it over. */
#pragma once

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Called from any thread. message has no newline. */
typedef void (*log_sink)(enum log_level level, const char *message);

/* NULL restores stderr. */
void log_set_sink(log_sink sink);
void log_set_level(enum log_level level);

__attribute__((format(printf, 2, 3))) void log_message(enum log_level level, const char *fmt, ...);

#define log_error(...) log_message(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_message(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(...) log_message(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_message(LOG_LEVEL_DEBUG, __VA_ARGS__)
