/* store_load.c - images from a source of blobs: from its index down to the layers. */
#include <inttypes.h>
#include <string.h>

#include "oci/image_manifest.h"
#include "store/store_blob.h"
#include "store/store_commit.h"
#include "store/store_import.h"
#include "store/store_internal.h"
#include "store/store_layer.h"

struct load {
	struct store_job *job;
	struct blob_source *source;
	struct image_platform host;
	uint64_t manifests; /* seen so far */
	struct strv *names;
};

/* One image while it is loaded. */
struct load_image {
	struct image_manifest *manifest;
	struct image *image;
	struct strv blobs;
	struct strv lowers; /* diff ids that are unpacked */
};

static void load_image_done(struct load_image *loading)
{
	image_manifest_free(loading->manifest);
	image_free(loading->image);
	strv_done(&loading->blobs);
	strv_done(&loading->lowers);
}
DEFINE_AUTO_DONE(load_image)

static int add_layer(struct load *load, struct load_image *loading, size_t at, struct error *err)
{
	const struct image_descriptor *blob = &loading->manifest->layers.items[at];
	const char *diff_id = loading->image->config->diff_ids.items[at];
	struct layer_request request = { -1, blob->digest, diff_id, blob->size, &loading->lowers };
	struct layer_result result = { 0 };
	uint64_t size = 0, ignored = 0;
	autoclose int fd = -1;

	if (store_has_layer(load->job, diff_id, &size) && store_has_blob(load->job, blob->digest)) {
		loading->image->size_bytes += size;
		return 0;
	}
	if (load->source->open_blob(load->source, blob->digest, &fd, &ignored, err) < 0)
		return -1;
	request.fd = fd;
	if (store_add_layer(load->job, &request, &result, err) < 0)
		return -1;
	loading->image->size_bytes += result.size_bytes;
	return 0;
}

static int add_layers(struct load *load, struct load_image *loading, struct error *err)
{
	const struct image_descriptors *layers = &loading->manifest->layers;
	const struct strv *diff_ids = &loading->image->config->diff_ids;

	if (layers->count != diff_ids->count)
		return fail(err, ERR_INVALID_SPEC, "%zu layers, but %zu diff ids", layers->count, diff_ids->count);
	if (layers->count > load->job->limits.layers)
		return fail(err, ERR_INVALID_SPEC, "%zu layers, more than the limit of %" PRIu64, layers->count,
			    load->job->limits.layers);
	for (size_t i = 0; i < layers->count; i++) {
		if (add_layer(load, loading, i, err) < 0)
			return fail_while(err, "layer %zu", i + 1);
		if (strv_add(&loading->lowers, diff_ids->items[i]) < 0 ||
		    strv_add(&loading->blobs, layers->items[i].digest) < 0)
			return fail_oom(err);
	}
	return 0;
}

static int read_config(struct load *load, struct load_image *loading, const char *manifest_digest, struct error *err)
{
	const struct image_descriptor *config = &loading->manifest->config;
	struct image *image = calloc(1, sizeof(*image));
	autofree char *text = NULL;

	loading->image = image;
	if (!image)
		return fail_oom(err);
	if (store_take_small_blob(load->job, load->source, config, IMAGE_CONFIG_LIMIT, &text, err) < 0)
		return -1;
	image->config = image_config_parse(text, (size_t)config->size, err);
	if (!image->config)
		return -1;
	if (image->config->os && strcmp(image->config->os, load->host.os) != 0)
		return fail(err, ERR_UNSUPPORTED, "image is for `%.40s`, not %s", image->config->os, load->host.os);
	image->id = strdup(config->digest);
	image->manifest_digest = strdup(manifest_digest);
	if (!image->id || !image->manifest_digest || strv_add(&loading->blobs, config->digest) < 0 ||
	    strv_add(&loading->blobs, manifest_digest) < 0)
		return fail_oom(err);
	return 0;
}

/* A name that is no reference names nothing: it is the archive's text, not the user's. */
static int commit(struct load *load, struct load_image *loading, const char *name, struct error *err)
{
	autofree char *file = NULL, *full = NULL;
	struct store_commit commit = { .image = loading->image, .blobs = &loading->blobs };

	if (name && store_name_file(name, &file, &full, NULL) == 0 && !strchr(file, '@')) {
		commit.name = full;
		commit.name_file = file;
	}
	if (store_commit_image(load->job, &commit, err) < 0)
		return -1;
	return strv_add(load->names, commit.name ? commit.name : loading->image->id) < 0 ? fail_oom(err) : 0;
}

static int load_manifest(struct load *load, const struct image_descriptor *descriptor, const char *name, uint64_t depth,
			 struct error *err);

/* Takes over manifest. */
static int load_image(struct load *load, struct image_manifest *manifest, const char *digest, const char *name,
		      struct error *err)
{
	AUTO_DONE(load_image) loading = { .manifest = manifest };

	if (read_config(load, &loading, digest, err) < 0 || add_layers(load, &loading, err) < 0)
		return -1;
	return commit(load, &loading, name, err);
}

static int load_manifest(struct load *load, const struct image_descriptor *descriptor, const char *name, uint64_t depth,
			 struct error *err)
{
	AUTO(image_manifest) manifest = NULL;
	const struct image_descriptor *picked;
	autofree char *text = NULL;

	if (media_kind_of(descriptor->media_type) != MEDIA_MANIFEST &&
	    media_kind_of(descriptor->media_type) != MEDIA_INDEX)
		return fail(err, ERR_UNSUPPORTED, "media type `%.100s` is not known", descriptor->media_type);
	if (++load->manifests > load->job->limits.images)
		return fail(err, ERR_INVALID_SPEC, "more than the limit of %" PRIu64 " manifests",
			    load->job->limits.images);
	if (depth > load->job->limits.index_depth)
		return fail(err, ERR_INVALID_SPEC, "an index inside an index, deeper than the limit of %" PRIu64,
			    load->job->limits.index_depth);
	if (store_take_small_blob(load->job, load->source, descriptor, MANIFEST_LIMIT, &text, err) < 0)
		return -1;
	manifest = image_manifest_parse(text, (size_t)descriptor->size, descriptor->media_type, err);
	if (!manifest)
		return -1;
	if (manifest->kind == MEDIA_MANIFEST)
		return load_image(load, TAKE_PTR(manifest), descriptor->digest, name, err);
	picked = image_index_pick(manifest, &load->host, err);
	if (!picked)
		return -1;
	return load_manifest(load, picked, name ? name : picked->name, depth + 1, err);
}

/* The outermost index lists images, not platforms; but an image may stand there once for each of its platforms. */
static int load_all(struct load *load, const struct image_manifest *index, struct error *err)
{
	size_t loaded = 0;

	for (size_t i = 0; i < index->manifests.count; i++) {
		const struct image_descriptor *item = &index->manifests.items[i];

		if (!image_platform_fits(&item->platform, &load->host))
			continue;
		if (load_manifest(load, item, item->name, 1, err) < 0)
			return fail_while(err, "%s", item->name ? item->name : item->digest);
		loaded++;
	}
	if (loaded > 0)
		return 0;
	if (index->manifests.count == 0)
		return fail(err, ERR_NOT_FOUND, "index.json: lists no image");
	return image_index_pick(index, &load->host, err) ? 0 : -1;
}

int store_job_load(struct store_job *job, struct blob_source *source, struct strv *ret_names, struct error *err)
{
	struct load load = { .job = job, .source = source, .host = image_platform_host(), .names = ret_names };
	AUTO(image_manifest) index = NULL;
	autofree char *text = NULL;
	size_t len = 0;

	if (source->read_manifest(source, "", &text, &len, err) < 0)
		return -1;
	index = image_manifest_parse(text, len, MEDIA_TYPE_INDEX, err);
	if (!index)
		return fail_while(err, "index.json");
	return load_all(&load, index, err);
}
