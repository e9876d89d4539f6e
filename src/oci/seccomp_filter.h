/* seccomp_filter.h - linux.seccomp of config.json to a BPF program. The default profile's program is prebuilt
 * (compiling it takes 11 to 13 ms); others are compiled by libseccomp once and cached in a file named by their hash.
 */
#pragma once
#include <json-c/json.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json_writer.h"

struct seccomp_filter {
	const struct sock_filter *program;
	size_t length;           /* instructions */
	struct sock_filter *own; /* program where it is not the prebuilt one; freed by seccomp_filter_done */
};
void seccomp_filter_done(struct seccomp_filter *filter);

/* The prebuilt program of the default profile for the default capabilities. */
struct seccomp_filter seccomp_filter_default(void);

/* profile: linux.seccomp; cache_dirfd: where compiled ones are kept, -1 for no cache. */
int seccomp_filter_get(struct json_object *profile, int cache_dirfd, struct seccomp_filter *ret, struct error *err);

/* The default profile as it applies to a container with these bounding capabilities (1 << CAP_x), as linux.seccomp. */
void seccomp_profile_print(struct json_writer *w, const char *key, uint64_t bounding);
