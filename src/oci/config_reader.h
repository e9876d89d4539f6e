/* config_reader.h - reading config.json into a runtime_config, section by section. A struct object is one JSON object
 * with the path that errors name.
 */
#pragma once
#include "base/json.h"
#include "oci/runtime_config.h"

/* Items in one list of config.json. */
#define CONFIG_ITEMS_LIMIT 16384

#define CONFIG_PATH_SIZE 96

struct object {
	struct json_object *json;
	char at[CONFIG_PATH_SIZE];
};

/* The member as an object with its path, json NULL when it is missing. */
int object_enter(const struct object *from, const char *key, struct object *ret, struct error *err);

/* A list of objects: *ret_count items, 0 when it is missing; object_item enters one. */
int object_list(const struct object *from, const char *key, struct json_object **ret, size_t *ret_count,
		struct error *err);
int object_item(const struct object *from, const char *key, struct json_object *list, size_t i, struct object *ret,
		struct error *err);

/* Reads one item of a list into its place in an array, zeroed before. */
typedef int (*item_reader)(const struct object *item, void *ret, struct error *err);

/* A list of objects into a new array at *ret_array, a pointer of the caller's. *ret_count counts the items begun, so
 * that after a failure the caller's own end of the array frees what is there. */
int object_read_list(const struct object *from, const char *key, size_t item_size, item_reader read, void *ret_array,
		     size_t *ret_count, struct error *err);

/* A number within a range; *ret_has (which may be NULL) says whether it is there. */
int object_get_i64(const struct object *from, const char *key, int64_t least, int64_t most, int64_t *ret, bool *ret_has,
		   struct error *err);
int object_get_u32(const struct object *from, const char *key, uint32_t most, uint32_t *ret, bool *ret_has,
		   struct error *err);

/* Texts that name absolute paths. */
int object_get_path(const struct object *from, const char *key, char **ret, struct error *err);
int object_get_paths(const struct object *from, const char *key, struct strv *ret, struct error *err);

/* An object of texts, as NAME=VALUE; one with a '=' in its name, which could pass for another, is left out. */
int object_get_map(const struct object *from, const char *key, struct strv *ret, struct error *err);

/* A zeroed array of count items at *ret_array, a pointer of the caller's; NULL for none. */
int object_allocate(size_t count, size_t size, void *ret_array, struct error *err);

/* Each reads one section of the document. */
int config_read_process(const struct object *root, struct runtime_config *config, struct error *err);
int config_read_mounts(const struct object *root, struct runtime_config *config, struct error *err);
int config_read_linux(const struct object *root, struct runtime_config *config, struct error *err);
