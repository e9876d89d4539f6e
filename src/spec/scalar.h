/* scalar.h - what a plain scalar of YAML 1.2's core schema means: null, true, 0x50, 1e3. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* null Null NULL ~ ; an empty scalar is null too, which the caller asks for itself. */
bool scalar_is_null(const char *text);

/* true True TRUE and the same of false; yes, no, on, off are text. 0 or -EINVAL. */
int scalar_parse_bool(const char *text, bool *ret);

/* Decimal, 0x, 0o, 0b; one leading '+'; no '_', no leading zeros, no point. 0, -EINVAL, or -ERANGE for an integer past
 * the type. The signed one takes a leading '-' too, before a prefix as well. */
int scalar_parse_u64(const char *text, uint64_t *ret);
int scalar_parse_i64(const char *text, int64_t *ret);

/* Decimal with point and exponent, one leading sign; .inf .nan in YAML's three spellings. No hex, no '_'; not finite
 * in any other way is -EINVAL. */
int scalar_parse_double(const char *text, double *ret);

/* Only digits behind the sign, and a leading zero: text by YAML 1.2 (0080). */
bool scalar_has_leading_zero(const char *text);
