/* secret_source.h - where the values of $S: references come from. The interface is here so that the runtime can resolve
 * at each start; service/ implements it over files, later over other stores.
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

/* A secret's bytes. No printer takes this type; secret_value_done wipes the memory. */
struct secret_value {
	char *bytes; /* NUL-terminated beyond len, no NUL inside */
	size_t len;
};

struct secret_source {
	/* reference is the text of the spec, "$S:name", "$S:name/field" or "$S:@service/name". -1 with ERR_NOT_FOUND
	 * naming the secret when there is none; the message never holds a value. */
	int (*resolve)(const struct secret_source *source, const char *deployment, const char *reference,
		       struct secret_value *ret, struct error *err);
};

void secret_value_done(struct secret_value *value);
