/* capability.h - capabilities as numbers, names and masks (1 << CAP_x). Libc alone; negative errno. */
#pragma once
#include <linux/capability.h>
#include <stdint.h>

#define CAPABILITY_BIT(number) (UINT64_C(1) << (number))

/* "CAP_KILL", "KILL", any case. The number, or -EINVAL for a name that linux/capability.h does not have. */
int capability_from_name(const char *name);

/* "CAP_KILL", or NULL for a number without a name. */
const char *capability_name(int number);

/* The highest capability that the running kernel knows (CAP_LAST_CAP of its own build). */
int capability_last(void);

/* What this thread could still gain: its bounding set. "All capabilities" never means more than this one. */
uint64_t capability_bounding(void);
