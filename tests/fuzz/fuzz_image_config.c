/* fuzz_image_config.c - an image config: what is read can be printed, and is then read as the same. */
#include <string.h>

#include "oci/image_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(image_config) first = image_config_parse((const char *)data, size, NULL);
	AUTO(image_config) second = NULL;
	AUTO_DONE(strbuf) text = { 0 };

	if (!first)
		return 0;
	if (image_config_print(first, &text, NULL) < 0)
		abort();
	second = image_config_parse(strbuf_peek(&text), text.len, NULL);
	if (!second || !strv_equal(&first->diff_ids, &second->diff_ids) || !strv_equal(&first->env, &second->env) ||
	    !strv_equal(&first->cmd, &second->cmd))
		abort();
	return 0;
}
