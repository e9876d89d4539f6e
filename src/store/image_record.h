/* image_record.h - images/HEX: everything that running the image needs, as one file that is read with one system
 * call and parsed without JSON. Pure.
 *
 * The form: fields KEY=VALUE, each ended by a NUL, lists by repetition; "zlayer-image=1" comes first and "end="
 * last, so a torn file is known for one. Unknown keys are passed over.
 */
#pragma once
#include "base/strbuf.h"
#include "store/store.h"

/* blobs: digests of all blobs of the image, for clearing away what nobody needs. */
int image_record_print(const struct image *image, const struct strv *blobs, struct strbuf *out, struct error *err);

/* Sets all of *ret but names and layer_dirs. ret_blobs may be NULL. */
int image_record_parse(const char *data, size_t len, struct image **ret, struct strv *ret_blobs, struct error *err);
