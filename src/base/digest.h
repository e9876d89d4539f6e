/* digest.h - sha256 as content addresses use it: "sha256:" and 64 lower-case hex digits. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define SHA256_HEX_SIZE 65
#define SHA256_DIGEST_SIZE (7 + SHA256_HEX_SIZE)

struct digest; /* a running sha256 */

/* NULL when memory is out. */
struct digest *digest_new(void);
void digest_free(struct digest *d);
void digest_add(struct digest *d, const void *data, size_t len);

/* Ends it: "sha256:..." with its NUL. */
void digest_finish(struct digest *d, char ret[SHA256_DIGEST_SIZE]);

/* Of one buffer; for what is short, since it takes no hash library (digest_small.c). 0. */
int digest_of(const void *data, size_t len, char ret[SHA256_DIGEST_SIZE]);

/* "sha256:" and exactly 64 lower-case hex digits. */
bool digest_is_valid(const char *text);
