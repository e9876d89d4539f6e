/* image_manifest.c - manifests and indexes: JSON to struct and back. */
#include "oci/image_manifest.h"

#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "base/memory.h"

#define DOCKER "application/vnd.docker."

static const struct {
	const char *name;
	enum media_kind kind;
} media_types[] = {
	{ MEDIA_TYPE_MANIFEST, MEDIA_MANIFEST },
	{ DOCKER "distribution.manifest.v2+json", MEDIA_MANIFEST },
	{ MEDIA_TYPE_INDEX, MEDIA_INDEX },
	{ DOCKER "distribution.manifest.list.v2+json", MEDIA_INDEX },
	{ MEDIA_TYPE_CONFIG, MEDIA_CONFIG },
	{ DOCKER "container.image.v1+json", MEDIA_CONFIG },
	{ MEDIA_TYPE_LAYER, MEDIA_LAYER },
	{ MEDIA_TYPE_LAYER_GZIP, MEDIA_LAYER },
	{ MEDIA_TYPE_LAYER_ZSTD, MEDIA_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar", MEDIA_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", MEDIA_LAYER },
	{ "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd", MEDIA_LAYER },
	{ DOCKER "image.rootfs.diff.tar", MEDIA_LAYER },
	{ DOCKER "image.rootfs.diff.tar.gzip", MEDIA_LAYER },
	{ DOCKER "image.rootfs.diff.tar.zstd", MEDIA_LAYER },
	{ DOCKER "image.rootfs.foreign.diff.tar.gzip", MEDIA_LAYER },
};

enum media_kind media_kind_of(const char *media_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(media_types); i++)
		if (strcmp(media_types[i].name, media_type) == 0)
			return media_types[i].kind;
	return MEDIA_UNKNOWN;
}

static void descriptor_done(struct image_descriptor *descriptor)
{
	free(descriptor->media_type);
	free(descriptor->digest);
	free(descriptor->platform.os);
	free(descriptor->platform.architecture);
	free(descriptor->platform.variant);
	free(descriptor->name);
}

static void descriptors_done(struct image_descriptors *list)
{
	for (size_t i = 0; i < list->count; i++)
		descriptor_done(&list->items[i]);
	free(list->items);
}

void image_manifest_free(struct image_manifest *manifest)
{
	if (!manifest)
		return;
	descriptor_done(&manifest->config);
	descriptors_done(&manifest->layers);
	descriptors_done(&manifest->manifests);
	free(manifest);
}

static int read_platform(struct json_object *object, struct image_platform *ret, struct error *err)
{
	struct json_object *platform = NULL;

	if (json_get_object(object, "platform", "", &platform, err) < 0)
		return -1;
	if (!platform)
		return 0;
	if (json_get_dup(platform, "os", "platform", &ret->os, err) < 0 ||
	    json_get_dup(platform, "architecture", "platform", &ret->architecture, err) < 0 ||
	    json_get_dup(platform, "variant", "platform", &ret->variant, err) < 0)
		return -1;
	return 0;
}

/* containerd and buildkit put the whole name into the first; the second may be a tag alone. */
static int read_name(struct json_object *object, char **ret, struct error *err)
{
	struct json_object *annotations = NULL;

	if (json_get_object(object, "annotations", "", &annotations, err) < 0)
		return -1;
	if (json_get_dup(annotations, "org.opencontainers.image.ref.name", "annotations", ret, err) < 0 ||
	    json_get_dup(annotations, "io.containerd.image.name", "annotations", ret, err) < 0)
		return -1;
	return 0;
}

static int read_descriptor(struct json_object *object, struct image_descriptor *ret, struct error *err)
{
	uint64_t size = UINT64_MAX;

	if (!json_object_is_type(object, json_type_object))
		return fail(err, ERR_INVALID_SPEC, "a descriptor is wanted");
	if (json_get_dup(object, "mediaType", "", &ret->media_type, err) < 0 ||
	    json_get_dup(object, "digest", "", &ret->digest, err) < 0 ||
	    json_get_u64(object, "size", "", &size, err) < 0 || read_platform(object, &ret->platform, err) < 0 ||
	    read_name(object, &ret->name, err) < 0)
		return -1;
	if (!ret->media_type || !ret->digest || size == UINT64_MAX)
		return fail(err, ERR_INVALID_SPEC, "%s: missing",
			    !ret->media_type ? "mediaType"
			    : !ret->digest   ? "digest"
					     : "size");
	if (!digest_is_valid(ret->digest))
		return fail(err, ERR_INVALID_SPEC, "digest: `%.80s` is no sha256 digest", ret->digest);
	ret->size = size;
	return 0;
}

static int read_descriptors(struct json_object *root, const char *key, struct image_descriptors *ret, struct error *err)
{
	struct json_object *array = NULL;
	size_t count;

	if (json_get_array(root, key, "", &array, err) < 0)
		return -1;
	count = array ? json_object_array_length(array) : 0;
	if (array_reserve((void **)&ret->items, &ret->capacity, count, sizeof(*ret->items)) < 0)
		return fail_oom(err);
	for (size_t i = 0; i < count; i++) {
		struct image_descriptor *item = &ret->items[ret->count++];

		*item = (struct image_descriptor){ 0 };
		if (read_descriptor(json_object_array_get_idx(array, i), item, err) < 0)
			return fail_while(err, "%s[%zu]", key, i);
	}
	return 0;
}

static int wrong_type(struct error *err, const char *what, const char *found)
{
	return fail(err, ERR_UNSUPPORTED, "%s: media type `%.100s` is not known", what, found);
}

static int read_image(struct json_object *root, struct image_manifest *manifest, struct error *err)
{
	struct json_object *config = NULL;

	if (json_get_object(root, "config", "", &config, err) < 0)
		return -1;
	if (!config)
		return fail(err, ERR_INVALID_SPEC, "config: missing");
	if (read_descriptor(config, &manifest->config, err) < 0)
		return fail_while(err, "config");
	if (media_kind_of(manifest->config.media_type) != MEDIA_CONFIG)
		return wrong_type(err, "config", manifest->config.media_type);
	if (read_descriptors(root, "layers", &manifest->layers, err) < 0)
		return -1;
	for (size_t i = 0; i < manifest->layers.count; i++)
		if (media_kind_of(manifest->layers.items[i].media_type) != MEDIA_LAYER)
			return wrong_type(err, "layer", manifest->layers.items[i].media_type);
	return 0;
}

/* A document that could be read as both, depending on the reader, is refused (CVE-2021-41190). */
static int find_kind(struct json_object *root, const char *promised, enum media_kind *ret, struct error *err)
{
	bool has_image = json_member(root, "config") || json_member(root, "layers");
	bool has_index = json_member(root, "manifests");
	const char *own = NULL;
	enum media_kind kind;

	if (json_get_text(root, "mediaType", "", &own, err) < 0)
		return -1;
	if (has_image && has_index)
		return fail(err, ERR_INVALID_SPEC, "both a manifest and an index");
	kind = media_kind_of(own ? own : promised ? promised : has_index ? MEDIA_TYPE_INDEX : MEDIA_TYPE_MANIFEST);
	if (kind != MEDIA_MANIFEST && kind != MEDIA_INDEX)
		return wrong_type(err, "document", own ? own : promised);
	if ((promised && media_kind_of(promised) != kind) || (kind == MEDIA_INDEX ? has_image : has_index))
		return fail(err, ERR_INVALID_SPEC, "is not what its media type says");
	*ret = kind;
	return 0;
}

static int read_manifest(struct json_object *root, const char *media_type, struct image_manifest *manifest,
			 struct error *err)
{
	uint64_t version = 2;

	if (!json_object_is_type(root, json_type_object))
		return fail(err, ERR_INVALID_SPEC, "an object is wanted");
	if (json_get_u64(root, "schemaVersion", "", &version, err) < 0)
		return -1;
	if (version != 2)
		return fail(err, ERR_UNSUPPORTED, "schemaVersion: only 2 is supported");
	if (find_kind(root, media_type, &manifest->kind, err) < 0)
		return -1;
	if (manifest->kind == MEDIA_INDEX)
		return read_descriptors(root, "manifests", &manifest->manifests, err);
	return read_image(root, manifest, err);
}

struct image_manifest *image_manifest_parse(const char *json, size_t len, const char *media_type, struct error *err)
{
	AUTO(image_manifest) manifest = calloc(1, sizeof(*manifest));
	AUTO_JSON root = NULL;

	if (!manifest) {
		fail_oom(err);
		return NULL;
	}
	if (len > MANIFEST_LIMIT) {
		fail(err, ERR_INVALID_SPEC, "manifest: larger than %lu bytes", MANIFEST_LIMIT);
		return NULL;
	}
	root = json_parse(json, len, "manifest", err);
	if (!root)
		return NULL;
	if (read_manifest(root, media_type, manifest, err) < 0) {
		fail_while(err, "manifest");
		return NULL;
	}
	return TAKE_PTR(manifest);
}

static void put_descriptor(struct json_writer *w, const char *key, const struct image_descriptor *descriptor)
{
	json_open_object(w, key);
	json_put_text(w, "mediaType", descriptor->media_type);
	json_put_text(w, "digest", descriptor->digest);
	json_put_u64(w, "size", descriptor->size);
	json_close_object(w);
}

static void put_descriptors(struct json_writer *w, const char *key, const struct image_descriptors *list)
{
	json_open_array(w, key);
	for (size_t i = 0; i < list->count; i++)
		put_descriptor(w, NULL, &list->items[i]);
	json_close_array(w);
}

int image_manifest_print(const struct image_manifest *manifest, struct strbuf *out, struct error *err)
{
	struct json_writer w = { .out = out };
	bool is_index = manifest->kind == MEDIA_INDEX;

	json_open_object(&w, NULL);
	json_put_u64(&w, "schemaVersion", 2);
	json_put_text(&w, "mediaType", is_index ? MEDIA_TYPE_INDEX : MEDIA_TYPE_MANIFEST);
	if (is_index) {
		put_descriptors(&w, "manifests", &manifest->manifests);
	} else {
		put_descriptor(&w, "config", &manifest->config);
		put_descriptors(&w, "layers", &manifest->layers);
	}
	json_close_object(&w);
	return strbuf_status(out) < 0 ? fail_oom(err) : 0;
}
