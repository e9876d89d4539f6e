/* digest.c - sha256 by OpenSSL's EVP; the algorithm is fetched once (a fetch costs as much as 2 KB of hashing). */
#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

struct digest {
	EVP_MD_CTX *ctx;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

struct digest *digest_new(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	pthread_once(&once, fetch);
	if (!d)
		return NULL;
	d->ctx = EVP_MD_CTX_new();
	if (!d->ctx || !sha256 || EVP_DigestInit_ex2(d->ctx, sha256, NULL) != 1) {
		digest_free(d);
		return NULL;
	}
	return d;
}

void digest_free(struct digest *d)
{
	if (!d)
		return;
	EVP_MD_CTX_free(d->ctx);
	free(d);
}

void digest_add(struct digest *d, const void *data, size_t len)
{
	EVP_DigestUpdate(d->ctx, data, len);
}

void digest_finish(struct digest *d, char ret[SHA256_DIGEST_SIZE])
{
	static const char digits[] = TEXT_HEX;
	unsigned char raw[32];

	EVP_DigestFinal_ex(d->ctx, raw, NULL);
	memcpy(ret, "sha256:", 7);
	for (size_t i = 0; i < sizeof(raw); i++) {
		ret[7 + 2 * i] = digits[raw[i] >> 4];
		ret[8 + 2 * i] = digits[raw[i] & 15];
	}
	ret[SHA256_DIGEST_SIZE - 1] = '\0';
}
