/* clock.h - now, and times as text. Nanoseconds since the epoch or since boot, always UTC. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_MSEC 1000000ULL

uint64_t clock_realtime_ns(void);
uint64_t clock_monotonic_ns(void);

/* "2026-11-24T07:43:00.123456789Z", always 30 characters: the time stamp of CRI logs and of `inspect`. */
#define CLOCK_RFC3339_SIZE 31
void clock_format_rfc3339(uint64_t realtime_ns, char ret[CLOCK_RFC3339_SIZE]);

/* Reads that form back, with 0 to 9 fraction digits. 0 or -EINVAL. */
int clock_parse_rfc3339(const char *text, uint64_t *ret_ns);

/* "3 minutes ago", "About an hour ago": as docker ps writes ages. */
void clock_format_age(uint64_t age_ns, char *ret, size_t size);
