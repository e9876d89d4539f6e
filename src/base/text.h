/* text.h - strict readers of numbers and small questions about strings. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decimal digits only: no sign (i64: one leading '-'), no blanks, nothing after. 0, -EINVAL or -ERANGE; *ret untouched
 * on failure. */
int parse_u64(const char *text, uint64_t *ret);
int parse_u32(const char *text, uint32_t *ret);
int parse_i64(const char *text, int64_t *ret);

bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);

/* True for a string that holds nothing but the bytes in `set`, and at least one. */
bool text_is_made_of(const char *text, const char *set);

#define TEXT_HEX "0123456789abcdef"

/* The word of words[0..n) nearest to `text`, for "did you mean": within a third of its length (at least 1), else NULL.
 */
const char *text_nearest(const char *text, const char *const *words, size_t n);
