/* json.c - reading JSON, over json-c. */
#include "base/json.h"

#include <string.h>

#define DEEPEST 32

struct json_object *json_parse(const char *text, size_t len, const char *what, struct error *err)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEEPEST);
	struct json_object *doc = NULL;
	enum json_tokener_error e;

	if (!tokener) {
		fail_oom(err);
		return NULL;
	}
	if (len > INT32_MAX) {
		json_tokener_free(tokener);
		fail(err, ERR_INTERNAL, "%s: too large to parse", what);
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	doc = json_tokener_parse_ex(tokener, text, (int)len);
	e = json_tokener_get_error(tokener);
	if (e != json_tokener_success || !doc) {
		fail(err, ERR_INVALID_SPEC, "%s: byte %zu: %s", what, json_tokener_get_parse_end(tokener),
		     e == json_tokener_continue ? "text ends too early" : json_tokener_error_desc(e));
		json_object_put(doc);
		doc = NULL;
	}
	json_tokener_free(tokener);
	return doc;
}

struct json_object *json_member(struct json_object *object, const char *key)
{
	struct json_object *member = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &member);
	return member;
}

static int wrong_type(struct error *err, struct json_object *member, const char *at, const char *key,
		      const char *wanted)
{
	return fail(err, ERR_INVALID_SPEC, "%s%s%s: %s is wanted, not %s", at, *at ? "." : "", key, wanted,
		    json_type_to_name(json_object_get_type(member)));
}

int json_get_text(struct json_object *object, const char *key, const char *at, const char **ret, struct error *err)
{
	struct json_object *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_object_is_type(member, json_type_string))
		return wrong_type(err, member, at, key, "a string");
	if (strlen(json_object_get_string(member)) != (size_t)json_object_get_string_len(member))
		return fail(err, ERR_INVALID_SPEC, "%s%s%s: a NUL inside a string", at, *at ? "." : "", key);
	*ret = json_object_get_string(member);
	return 0;
}

int json_get_dup(struct json_object *object, const char *key, const char *at, char **ret, struct error *err)
{
	const char *text = NULL;
	char *copy;

	if (json_get_text(object, key, at, &text, err) < 0)
		return -1;
	if (!text)
		return 0;
	copy = strdup(text);
	if (!copy)
		return fail_oom(err);
	free(*ret);
	*ret = copy;
	return 0;
}

int json_get_u64(struct json_object *object, const char *key, const char *at, uint64_t *ret, struct error *err)
{
	struct json_object *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_object_is_type(member, json_type_int) || json_object_get_int64(member) < 0)
		return wrong_type(err, member, at, key, "a non-negative integer");
	*ret = json_object_get_uint64(member);
	return 0;
}

int json_get_i64(struct json_object *object, const char *key, const char *at, int64_t *ret, struct error *err)
{
	struct json_object *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_object_is_type(member, json_type_int))
		return wrong_type(err, member, at, key, "an integer");
	*ret = json_object_get_int64(member);
	return 0;
}

int json_get_bool(struct json_object *object, const char *key, const char *at, bool *ret, struct error *err)
{
	struct json_object *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_object_is_type(member, json_type_boolean))
		return wrong_type(err, member, at, key, "a boolean");
	*ret = json_object_get_boolean(member);
	return 0;
}

static int add_text_item(struct json_object *item, const char *key, const char *at, struct strv *ret, struct error *err)
{
	if (!json_object_is_type(item, json_type_string))
		return wrong_type(err, item, at, key, "a list of strings");
	if (strlen(json_object_get_string(item)) != (size_t)json_object_get_string_len(item))
		return fail(err, ERR_INVALID_SPEC, "%s%s%s: a NUL inside a string", at, *at ? "." : "", key);
	return strv_add(ret, json_object_get_string(item)) < 0 ? fail_oom(err) : 0;
}

int json_get_strv(struct json_object *object, const char *key, const char *at, struct strv *ret, struct error *err)
{
	struct json_object *list = NULL;
	AUTO_DONE(strv) copy = { 0 };

	if (json_get_array(object, key, at, &list, err) < 0)
		return -1;
	if (!list)
		return 0;
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (add_text_item(json_object_array_get_idx(list, i), key, at, &copy, err) < 0)
			return -1;
	strv_done(ret);
	*ret = copy;
	copy = (struct strv){ 0 };
	return 0;
}

static int get_container(struct json_object *object, const char *key, const char *at, enum json_type type,
			 struct json_object **ret, struct error *err)
{
	struct json_object *member = json_member(object, key);

	if (!member)
		return 0;
	if (!json_object_is_type(member, type))
		return wrong_type(err, member, at, key, type == json_type_array ? "a list" : "an object");
	*ret = member;
	return 0;
}

int json_get_object(struct json_object *object, const char *key, const char *at, struct json_object **ret,
		    struct error *err)
{
	return get_container(object, key, at, json_type_object, ret, err);
}

int json_get_array(struct json_object *object, const char *key, const char *at, struct json_object **ret,
		   struct error *err)
{
	return get_container(object, key, at, json_type_array, ret, err);
}
