/* fuzz_env_reference.c - any text as a value of env. */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "spec/env_reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A part lies inside the value, and holds nothing that a path could be taken for. */
static void check_part(const char *value, struct env_reference_part part)
{
	if (part.len == 0)
		return;
	if (part.text < value || part.text + part.len > value + strlen(value))
		abort();
	if (memchr(part.text, '/', part.len) || part.text[0] == '.')
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *value = memory_dup(data, size);
	struct error err = { 0 };
	struct env_reference r;

	if (value && env_reference_parse(value, &r, &err) == 0) {
		if (r.kind == ENV_SECRET) {
			if (r.name.len == 0)
				abort();
			check_part(value, r.name);
			check_part(value, r.field);
			check_part(value, r.service);
			check_part(value, r.project);
			check_part(value, r.environment);
		}
		if (r.kind == ENV_LITERAL && (strncmp(value, "$S:", 3) == 0 || strncmp(value, "$E:", 3) == 0))
			abort();
	} else if (value && err.kind != ERR_INVALID_SPEC) {
		abort();
	}
	free(value);
	return 0;
}
