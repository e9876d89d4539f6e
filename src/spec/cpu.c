/* cpu.c - cores and the bandwidth limit that they mean. */
#include "spec/cpu.h"

#include <errno.h>
#include <math.h>

#define QUOTA_MIN_US 1000.0
#define QUOTA_MAX_US 1099511627776.0

bool cpu_is_limit(double cores)
{
	return isfinite(cores) && cores > 0;
}

int cpu_quota_us(double cores, uint64_t period_us, uint64_t *ret_us)
{
	double quota;

	if (!cpu_is_limit(cores))
		return -EINVAL;
	quota = cores * (double)period_us + 0.5; /* the cast below rounds; libm is not worth loading */
	if (quota < QUOTA_MIN_US)
		quota = QUOTA_MIN_US;
	if (quota > QUOTA_MAX_US)
		quota = QUOTA_MAX_US;
	*ret_us = (uint64_t)quota;
	return 0;
}
