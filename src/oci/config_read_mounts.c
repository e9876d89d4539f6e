/* config_read_mounts.c - the mounts section of config.json. */
#include "oci/config_reader.h"

static int read_mount(const struct object *item, void *ret, struct error *err)
{
	struct runtime_mount *mount = ret;

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
	return object_read_list(root, "mounts", sizeof(*config->mounts), read_mount, &config->mounts, &config->n_mounts,
				err);
}
