/* cpu.h - cores and the bandwidth limit that they mean. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A number that can be a limit: finite and more than 0. */
bool cpu_is_limit(double cores);

/* The quota of a period for cpu.max (or cpu.cfs_quota_us): at least 1000 us, which is the kernel's least, and never
 * beyond 2^40 us. -EINVAL when cpu_is_limit says no. */
int cpu_quota_us(double cores, uint64_t period_us, uint64_t *ret_us);
