/* config_reader.c - typed, ranged reads out of config.json, with the path of each for errors. */
#include "oci/config_reader.h"

#include <string.h>

static void join(char ret[CONFIG_PATH_SIZE], const char *at, const char *key)
{
	if (snprintf(ret, CONFIG_PATH_SIZE, "%s%s%s", at, *at ? "." : "", key) >= CONFIG_PATH_SIZE)
		memcpy(ret + CONFIG_PATH_SIZE - 4, "...", 4);
}

int object_enter(const struct object *from, const char *key, struct object *ret, struct error *err)
{
	struct object entered = { 0 };

	if (json_get_object(from->json, key, from->at, &entered.json, err) < 0)
		return -1;
	join(entered.at, from->at, key);
	*ret = entered;
	return 0;
}

int object_list(const struct object *from, const char *key, struct json_object **ret, size_t *ret_count,
		struct error *err)
{
	struct json_object *list = NULL;

	if (json_get_array(from->json, key, from->at, &list, err) < 0)
		return -1;
	*ret = list;
	*ret_count = list ? json_object_array_length(list) : 0;
	if (*ret_count > CONFIG_ITEMS_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "%s.%s: more than %d items", from->at, key, CONFIG_ITEMS_LIMIT);
	return 0;
}

int object_item(const struct object *from, const char *key, struct json_object *list, size_t i, struct object *ret,
		struct error *err)
{
	char name[CONFIG_PATH_SIZE];

	ret->json = json_object_array_get_idx(list, i);
	snprintf(name, sizeof(name), "%s[%zu]", key, i);
	join(ret->at, from->at, name);
	if (!json_object_is_type(ret->json, json_type_object))
		return fail(err, ERR_INVALID_SPEC, "%s: an object is wanted", ret->at);
	return 0;
}

int object_read_list(const struct object *from, const char *key, size_t item_size, item_reader read, void *ret_array,
		     size_t *ret_count, struct error *err)
{
	struct json_object *list;
	struct object item;
	size_t count;
	char *place = NULL;

	if (object_list(from, key, &list, &count, err) < 0 || object_allocate(count, item_size, &place, err) < 0)
		return -1;
	memcpy(ret_array, &place, sizeof(place));
	for (*ret_count = 0; *ret_count < count; place += item_size) {
		size_t i = (*ret_count)++;

		if (object_item(from, key, list, i, &item, err) < 0 || read(&item, place, err) < 0)
			return -1;
	}
	return 0;
}

int object_get_i64(const struct object *from, const char *key, int64_t least, int64_t most, int64_t *ret, bool *ret_has,
		   struct error *err)
{
	struct json_object *member = json_member(from->json, key);
	int64_t value = 0;

	if (json_get_i64(from->json, key, from->at, &value, err) < 0)
		return -1;
	if (member && (value < least || value > most))
		return fail(err, ERR_INVALID_SPEC, "%s.%s: %lld is not in %lld to %lld", from->at, key,
			    (long long)value, (long long)least, (long long)most);
	if (ret_has)
		*ret_has = member != NULL;
	if (member)
		*ret = value;
	return 0;
}

int object_get_u32(const struct object *from, const char *key, uint32_t most, uint32_t *ret, bool *ret_has,
		   struct error *err)
{
	int64_t value = *ret;

	if (object_get_i64(from, key, 0, most, &value, ret_has, err) < 0)
		return -1;
	*ret = (uint32_t)value;
	return 0;
}

int object_get_path(const struct object *from, const char *key, char **ret, struct error *err)
{
	const char *text = NULL;

	if (json_get_text(from->json, key, from->at, &text, err) < 0)
		return -1;
	if (text && *text != '/')
		return fail(err, ERR_INVALID_SPEC, "%s.%s: `%s` is no absolute path", from->at, key, text);
	return json_get_dup(from->json, key, from->at, ret, err);
}

int object_get_paths(const struct object *from, const char *key, struct strv *ret, struct error *err)
{
	if (json_get_strv(from->json, key, from->at, ret, err) < 0)
		return -1;
	for (size_t i = 0; i < ret->count; i++)
		if (ret->items[i][0] != '/')
			return fail(err, ERR_INVALID_SPEC, "%s.%s[%zu]: `%s` is no absolute path", from->at, key, i,
				    ret->items[i]);
	return 0;
}

static int add_pair(const struct object *map, const char *name, struct json_object *value, struct strv *ret,
		    struct error *err)
{
	const char *text = NULL;

	if (strchr(name, '='))
		return 0;
	if (!*name)
		return fail(err, ERR_INVALID_SPEC, "%s: a name is empty", map->at);
	if (!value)
		return fail(err, ERR_INVALID_SPEC, "%s.%s: a string is wanted, not null", map->at, name);
	if (json_get_text(map->json, name, map->at, &text, err) < 0)
		return -1;
	return strv_addf(ret, "%s=%s", name, text) < 0 ? fail_oom(err) : 0;
}

int object_get_map(const struct object *from, const char *key, struct strv *ret, struct error *err)
{
	struct object map;

	if (object_enter(from, key, &map, err) < 0)
		return -1;
	if (!map.json)
		return 0;
	json_object_object_foreach(map.json, name, value)
	{
		if (add_pair(&map, name, value, ret, err) < 0)
			return -1;
	}
	return 0;
}

int object_allocate(size_t count, size_t size, void *ret_array, struct error *err)
{
	void *array = count ? calloc(count, size) : NULL;

	if (count && !array)
		return fail_oom(err);
	memcpy(ret_array, &array, sizeof(array));
	return 0;
}
