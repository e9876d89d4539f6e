/* border.h - what crosses from the public API to the inside and back: errors, options of any version, lists. */
#pragma once
#include <stddef.h>

#include <zlayer/error.h>

#include "base/error.h"
#include "base/strv.h"

/* Copies the error out (ret may be NULL) and returns -1: a function fails with `return border_fail(err, &e)`. */
int border_fail(struct zl_error *ret, const struct error *err);

/* Copies the caller's options, `size` bytes as their first member says, over `known` zeroed bytes. Options of a
 * later version are taken when what this version does not know is zero, and are ERR_UNSUPPORTED else. given NULL:
 * all zero. */
int border_read_options(void *ret, size_t known, const void *given, struct error *err);

/* Adds copies of a NULL-terminated list, which may be NULL. */
int border_read_strings(struct strv *ret, const char *const *list, struct error *err);

/* Moves a list out as a `char **` of the caller's, never NULL; -1 when memory is out. */
int border_give_strings(char ***ret, struct strv *list, struct error *err);

/* A list to borrow, never NULL. */
const char *const *border_peek_strings(const struct strv *list);
