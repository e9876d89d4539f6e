/* env_reference.h - values of env that stand for something else: $E:NAME and $S:secret.
 *
 * A reference is the whole value; inside a longer text the characters mean themselves.
 *   $E:NAME                              a variable of the agent's own environment
 *   $S:name  $S:@service/name            a secret of the deployment, of a service
 *   $S::env/name  $S:project:env/name    a secret of an environment, of a project's environment
 * and behind each secret's name optionally /field, a key of a secret that is a JSON object.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum env_reference_kind { ENV_LITERAL, ENV_VARIABLE, ENV_SECRET };

/* A part of the value: borrowed, not NUL-terminated; len 0 where it is not there. */
struct env_reference_part {
	const char *text;
	size_t len;
};

struct env_reference {
	enum env_reference_kind kind;
	struct env_reference_part name;                 /* of the variable or secret */
	struct env_reference_part field;                /* secret only, as the rest */
	struct env_reference_part service;              /* @service/ */
	struct env_reference_part project, environment; /* project:env/ */
};

/* A value that begins with $E: or $S: and is no well-formed reference fails with ERR_INVALID_SPEC; any other is a
 * literal. Names of secrets, services, projects, environments and fields begin with a letter and hold letters, digits,
 * '-' and '_' (at most 253), so that they are safe as names of files. */
int env_reference_parse(const char *value, struct env_reference *ret, struct error *err);

/* Something that looks like a reference stands inside a longer text, where it means nothing. */
bool env_reference_is_buried(const char *value);
