/* fuzz_image_manifest.c - a manifest or index: what is read can be printed, and is then read as the same. */
#include <string.h>

#include "base/digest.h"
#include "oci/image_manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(image_manifest) first = image_manifest_parse((const char *)data, size, NULL, NULL);
	AUTO(image_manifest) second = NULL;
	AUTO_DONE(strbuf) text = { 0 };
	struct image_platform host = { (char *)"linux", (char *)"arm64", (char *)"v8" };

	if (!first)
		return 0;
	for (size_t i = 0; i < first->layers.count; i++)
		if (!digest_is_valid(first->layers.items[i].digest))
			abort();
	if (first->kind == MEDIA_INDEX)
		image_index_pick(first, &host, NULL);
	if (image_manifest_print(first, &text, NULL) < 0)
		abort();
	second = image_manifest_parse(strbuf_peek(&text), text.len, NULL, NULL);
	if (!second || second->kind != first->kind || second->layers.count != first->layers.count ||
	    second->manifests.count != first->manifests.count)
		abort();
	return 0;
}
