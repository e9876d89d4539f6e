/* config_read_mounts.c - the mounts section of config.json. */
#include "oci/config_reader.h"

static int read_mount(const struct object *item, struct runtime_mount *mount, struct error *err)
{
	if (object_get_path(item, "destination", &mount->destination, err) < 0 ||
	    json_get_dup(item->json, "type", item->at, &mount->type, err) < 0 ||
	    json_get_dup(item->json, "source", item->at, &mount->source, err) < 0 ||
	    json_get_strv(item->json, "options", item->at, &mount->options, err) < 0)
		return -1;
	if (!mount->destination)
		return fail(err, ERR_INVALID_SPEC, "%s.destination: missing", item->at);
	return 0;
}

int config_read_mounts(const struct object *root, struct runtime_config *config, struct error *err)
{
	struct json_object *list;
	struct object item;
	size_t count;

	if (object_list(root, "mounts", &list, &count, err) < 0 ||
	    object_allocate(count, sizeof(*config->mounts), &config->mounts, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (object_item(root, "mounts", list, i, &item, err) < 0 ||
		    read_mount(&item, &config->mounts[config->n_mounts++], err) < 0)
			return -1;
	return 0;
}
