/* env.h - the environment of a replica, from the spec's `env`: what it refers to in the agent's own environment is
 * fetched now, secrets stay references.
 */
#pragma once
#include "base/error.h"
#include "base/strv.h"
#include "spec/spec.h"

struct env_sources {
	const char *service;                /* for errors */
	const struct spec_pairs *base;      /* the service's */
	const struct spec_pairs *overrides; /* the group's, which win by name; NULL: none */
	const struct strv *environment;     /* for $E:, NAME=VALUE; NULL: the process's own */
};

/* ret_env gets literals and the values of $E:, ret_secret_env the entries whose value is a $S: reference. Both are
 * empty before. A variable that is not set fails with ERR_CONFIGURATION naming service and variable; one that is empty
 * is a warning (warnings may be NULL). */
int env_resolve(const struct env_sources *sources, struct strv *ret_env, struct strv *ret_secret_env,
		struct strv *warnings, struct error *err);
