/* json.h - reading JSON, over json-c, with the limits that hostile input needs and errors that name the field.
 *
 * Objects are borrowed from the document; `at` is the path for errors ("config.Env"). A getter of a missing or null
 * member leaves *ret untouched and returns 0; one of another type fails with ERR_INVALID_SPEC, naming path and type.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"

static inline void json_document_free(struct json_object *doc)
{
	json_object_put(doc);
}
static inline void cleanup_json(struct json_object **doc)
{
	json_document_free(*doc);
}
#define AUTO_JSON CLEANUP(cleanup_json) struct json_object *

/* Depth at most 32, nothing behind the document. NULL on failure; `what` names the text in the error. */
struct json_object *json_parse(const char *text, size_t len, const char *what, struct error *err);

/* The member, or NULL when it is missing or null. */
struct json_object *json_member(struct json_object *object, const char *key);

int json_get_text(struct json_object *object, const char *key, const char *at, const char **ret, struct error *err);
int json_get_dup(struct json_object *object, const char *key, const char *at, char **ret, struct error *err);
int json_get_u64(struct json_object *object, const char *key, const char *at, uint64_t *ret, struct error *err);
int json_get_i64(struct json_object *object, const char *key, const char *at, int64_t *ret, struct error *err);
int json_get_bool(struct json_object *object, const char *key, const char *at, bool *ret, struct error *err);
int json_get_strv(struct json_object *object, const char *key, const char *at, struct strv *ret, struct error *err);

/* The member as an object or array; *ret untouched when it is missing. */
int json_get_object(struct json_object *object, const char *key, const char *at, struct json_object **ret,
		    struct error *err);
int json_get_array(struct json_object *object, const char *key, const char *at, struct json_object **ret,
		   struct error *err);
