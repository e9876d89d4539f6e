/* alarm.h - the time as an fd, so that one fd tells of everything a loop waits for. Negative errno. */
#pragma once
#include <stdint.h>

/* An fd (O_CLOEXEC, non-blocking) that is readable from the time that was set. */
int alarm_open(void);

/* Monotonic time. */
#define ALARM_NEVER 0
void alarm_set(int fd, uint64_t due_ns);

/* Not readable any more. */
void alarm_clear(int fd);
