/* secret_source.c - the end of a secret's bytes. */
#include "oci/secret_source.h"

#include <stdlib.h>
#include <string.h>

void secret_value_done(struct secret_value *value)
{
	if (value->bytes)
		explicit_bzero(value->bytes, value->len);
	free(value->bytes);
	*value = (struct secret_value){ 0 };
}
