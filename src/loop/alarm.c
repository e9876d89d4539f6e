/* alarm.c - a timerfd. */
#include "loop/alarm.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

int alarm_open(void)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	return fd < 0 ? -errno : fd;
}

void alarm_set(int fd, uint64_t due_ns)
{
	struct itimerspec at = {
		.it_value = { .tv_sec = (time_t)(due_ns / NSEC_PER_SEC), .tv_nsec = (long)(due_ns % NSEC_PER_SEC) },
	};

	timerfd_settime(fd, TFD_TIMER_ABSTIME, &at, NULL); /* fails for bad arguments alone */
}

void alarm_clear(int fd)
{
	uint64_t expirations;

	if (read(fd, &expirations, sizeof(expirations)) < 0)
		errno = 0; /* it had not rung */
}
