/* digest_text.c - digests as text, apart from digest.c so that reading one links no hash library. */
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

bool digest_is_valid(const char *text)
{
	return text_starts_with(text, "sha256:") && strlen(text) == SHA256_DIGEST_SIZE - 1 &&
	       text_is_made_of(text + 7, TEXT_HEX);
}
