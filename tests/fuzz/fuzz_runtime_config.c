/* fuzz_runtime_config.c - any text as config.json. */
#include <stdint.h>

#include "oci/runtime_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	AUTO(runtime_config) config = runtime_config_parse((const char *)data, size, &err);

	/* What is accepted holds what the launcher relies on; what is refused is said. */
	if (config && (config->args.count == 0 || config->cwd[0] != '/'))
		abort();
	for (size_t i = 0; config && i < config->n_mounts; i++)
		if (config->mounts[i].destination[0] != '/')
			abort();
	if (!config && err.kind == ERR_NONE)
		abort();
	return 0;
}
