/* fuzz_reference.c - any text as an image reference. */
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "oci/reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is accepted names the same image by its full name, and can be a path below a directory. */
static void check(const struct image_reference *r)
{
	autofree char *full = image_reference_full_name(r);
	struct image_reference again = { 0 };

	if (!full)
		return;
	if (strlen(full) <= IMAGE_REFERENCE_MAX &&
	    (image_reference_parse(full, &again, NULL) < 0 || !image_reference_equal(r, &again)))
		abort();
	if (strstr(r->path, "..") || r->path[0] == '/' || (!r->tag && !r->digest))
		abort();
	image_reference_done(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = memory_dup(data, size);
	struct image_reference r = { 0 };
	struct error err = { 0 };

	if (text && image_reference_parse(text, &r, &err) == 0)
		check(&r);
	else if (text && err.kind != ERR_INVALID_SPEC)
		abort();
	image_reference_done(&r);
	return 0;
}
