/* runtime_config_parse.c - config.json, whoever wrote it, into what a plan is made from. */
#include <string.h>

#include "base/text.h"
#include "oci/config_reader.h"

/* 1.x: later minor versions only add. */
static int check_version(const struct object *root, struct runtime_config *config, struct error *err)
{
	const char *version = NULL;

	(void)config;
	if (json_get_text(root->json, "ociVersion", root->at, &version, err) < 0)
		return -1;
	if (!version || !text_starts_with(version, "1."))
		return fail(err, version ? ERR_UNSUPPORTED : ERR_INVALID_SPEC, "ociVersion: 1.x is wanted, not `%s`",
			    version ? version : "");
	return 0;
}

static int read_root(const struct object *root, struct runtime_config *config, struct error *err)
{
	struct object from;

	if (object_enter(root, "root", &from, err) < 0 ||
	    json_get_dup(from.json, "path", from.at, &config->root_path, err) < 0 ||
	    json_get_bool(from.json, "readonly", from.at, &config->has_read_only_root, err) < 0)
		return -1;
	if (config->root_path && !*config->root_path)
		return fail(err, ERR_INVALID_SPEC, "root.path: empty");
	return json_get_dup(root->json, "hostname", root->at, &config->hostname, err);
}

static int read_annotations(const struct object *root, struct runtime_config *config, struct error *err)
{
	return object_get_map(root, "annotations", &config->annotations, err);
}

static int read_sections(const struct object *root, struct runtime_config *config, struct error *err)
{
	static int (*const sections[])(const struct object *, struct runtime_config *, struct error *) = {
		check_version, config_read_process, read_root, read_annotations, config_read_mounts, config_read_linux,
	};

	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if (sections[i](root, config, err) < 0)
			return -1;
	return 0;
}

struct runtime_config *runtime_config_parse(const char *json, size_t len, struct error *err)
{
	AUTO(runtime_config) config = calloc(1, sizeof(*config));
	struct object root = { 0 };

	if (!config) {
		fail_oom(err);
		return NULL;
	}
	if (len > RUNTIME_CONFIG_LIMIT) {
		fail(err, ERR_INVALID_SPEC, "config.json: more than %lu bytes", RUNTIME_CONFIG_LIMIT);
		return NULL;
	}
	config->document = root.json = json_parse(json, len, "config.json", err);
	if (!root.json)
		return NULL;
	if (!json_object_is_type(root.json, json_type_object)) {
		fail(err, ERR_INVALID_SPEC, "config.json: an object is wanted");
		return NULL;
	}
	if (read_sections(&root, config, err) < 0) {
		fail_while(err, "config.json");
		return NULL;
	}
	return TAKE_PTR(config);
}
