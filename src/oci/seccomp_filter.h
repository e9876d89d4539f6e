/* seccomp_filter.h - linux.seccomp of config.json to a BPF program. The default profile's program is prebuilt
 * (compiling it takes 11 to 13 ms); others are compiled by libseccomp once and cached in a file named by their hash.
 */
#pragma once
#include <json-c/json.h>
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/json_writer.h"

struct seccomp_filter {
	const struct sock_filter *program;
	size_t length;           /* instructions */
	unsigned flags;          /* SECCOMP_FILTER_FLAG_*, as the profile has them */
	struct sock_filter *own; /* program where it is not the prebuilt one; freed by seccomp_filter_done */
};
void seccomp_filter_done(struct seccomp_filter *filter);
DEFINE_AUTO_DONE(seccomp_filter)

/* The prebuilt program of the default profile for the default capabilities. */
struct seccomp_filter seccomp_filter_default(void);

/* profile: linux.seccomp; cache_dirfd: where compiled ones are kept, -1 for no cache (one that cannot be read or
 * written is none). Fails with ERR_INVALID_SPEC naming the member, or ERR_UNSUPPORTED: a notifying profile, conditions
 * on a system call that libseccomp does not know, one to be denied that nobody knows. One that is to be allowed and
 * that nobody knows is skipped, as the other runtimes do: it stays denied. */
int seccomp_filter_get(struct json_object *profile, int cache_dirfd, struct seccomp_filter *ret, struct error *err);

/* The same without any cache; the program is always ret's own. */
int seccomp_filter_compile(struct json_object *profile, struct seccomp_filter *ret, struct error *err);

/* The default profile as it applies to a container with these bounding capabilities (1 << CAP_x), as linux.seccomp. */
void seccomp_profile_print(struct json_writer *w, const char *key, uint64_t bounding);

/* Whether that is the one behind seccomp_filter_default. */
bool seccomp_profile_is_default(uint64_t bounding);
