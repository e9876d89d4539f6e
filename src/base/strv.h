/* strv.h - a list of strings, always NULL-terminated, so that items is an argv. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strv {
	char **items; /* NULL while empty */
	size_t count, capacity;
};

void strv_done(struct strv *v);
DEFINE_AUTO_DONE(strv)

/* Adds a copy. 0 or -ENOMEM; on failure the list is as before. */
int strv_add(struct strv *v, const char *text);
int strv_add_len(struct strv *v, const char *text, size_t len);
__attribute__((format(printf, 2, 3))) int strv_addf(struct strv *v, const char *fmt, ...);

/* Adds text itself, which becomes the list's; it is freed on failure. NULL text is -ENOMEM. */
int strv_add_take(struct strv *v, char *text);

/* Copies all of `from` into an empty `v`. */
int strv_copy(struct strv *v, const struct strv *from);
bool strv_equal(const struct strv *a, const struct strv *b);
bool strv_contains(const struct strv *v, const char *text);

/* For lists of NAME=VALUE: the value, borrowed, or NULL; set replaces in place or appends. */
const char *strv_env_get(const struct strv *v, const char *name);
int strv_env_set(struct strv *v, const char *name, const char *value);
