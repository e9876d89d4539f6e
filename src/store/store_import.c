/* store_import.c - an image of one layer from a rootfs tar. */
#include "store/store_import.h"

#include <string.h>

#include "base/clock.h"
#include "oci/image_manifest.h"
#include "store/store_blob.h"
#include "store/store_commit.h"
#include "store/store_internal.h"
#include "store/store_layer.h"

static int set_if(char **to, const char *value)
{
	if (!value)
		return 0;
	*to = strdup(value);
	return *to ? 0 : -ENOMEM;
}

static int set_created(struct image_config *config, const struct layer_result *layer)
{
	char text[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339((uint64_t)layer->newest_mtime * NSEC_PER_SEC, text);
	return set_if(&config->created, text);
}

static struct image_config *make_config(const struct import_options *options, const struct layer_result *layer)
{
	AUTO(image_config) config = calloc(1, sizeof(*config));
	struct image_platform host = image_platform_host();

	if (!config)
		return NULL;
	if (set_if(&config->os, host.os) < 0 || set_if(&config->architecture, host.architecture) < 0 ||
	    set_created(config, layer) < 0 || strv_copy(&config->entrypoint, &options->entrypoint) < 0 ||
	    strv_copy(&config->cmd, &options->cmd) < 0 || strv_copy(&config->env, &options->env) < 0 ||
	    set_if(&config->workdir, options->workdir) < 0 || set_if(&config->user, options->user) < 0 ||
	    set_if(&config->comment, options->message) < 0 || strv_add(&config->diff_ids, layer->diff_id) < 0)
		return NULL;
	return TAKE_PTR(config);
}

static const char *media_type_of(enum compression compression)
{
	switch (compression) {
	case COMPRESSION_NONE:
		return MEDIA_TYPE_LAYER;
	case COMPRESSION_GZIP:
		return MEDIA_TYPE_LAYER_GZIP;
	case COMPRESSION_ZSTD:
		return MEDIA_TYPE_LAYER_ZSTD;
	}
	return MEDIA_TYPE_LAYER;
}

static int put_config(struct store_job *job, const struct image_config *config, char *ret_digest, uint64_t *ret_size,
		      struct error *err)
{
	AUTO_DONE(strbuf) text = { .limit = IMAGE_CONFIG_LIMIT };

	if (image_config_print(config, &text, err) < 0)
		return -1;
	*ret_size = text.len;
	return store_put_blob(job, strbuf_peek(&text), text.len, ret_digest, err);
}

static int put_manifest(struct store_job *job, const char *config_digest, uint64_t config_size,
			const struct layer_result *layer, char *ret_digest, struct error *err)
{
	struct image_descriptor descriptor = { .media_type = (char *)media_type_of(layer->compression),
					       .digest = (char *)layer->blob_digest,
					       .size = layer->blob_size };
	struct image_manifest manifest = {
		.kind = MEDIA_MANIFEST,
		.config = { .media_type = (char *)MEDIA_TYPE_CONFIG,
			    .digest = (char *)config_digest,
			    .size = config_size },
		.layers = { .items = &descriptor, .count = 1 },
	};
	AUTO_DONE(strbuf) text = { 0 };

	if (image_manifest_print(&manifest, &text, err) < 0)
		return -1;
	return store_put_blob(job, strbuf_peek(&text), text.len, ret_digest, err);
}

/* Takes over config. */
static int record(struct store_job *job, struct image_config *config, const struct layer_result *layer,
		  const struct store_commit *names, char **ret_id, struct error *err)
{
	AUTO(image) image = calloc(1, sizeof(*image));
	char id[SHA256_DIGEST_SIZE], manifest[SHA256_DIGEST_SIZE];
	AUTO_DONE(strv) blobs = { 0 };
	struct store_commit commit = *names;
	uint64_t config_size = 0;

	if (!image) {
		image_config_free(config);
		return fail_oom(err);
	}
	image->config = config;
	if (put_config(job, config, id, &config_size, err) < 0 ||
	    put_manifest(job, id, config_size, layer, manifest, err) < 0)
		return -1;
	image->id = strdup(id);
	image->manifest_digest = strdup(manifest);
	image->size_bytes = layer->size_bytes;
	if (!image->id || !image->manifest_digest || strv_add(&blobs, id) < 0 || strv_add(&blobs, manifest) < 0 ||
	    strv_add(&blobs, layer->blob_digest) < 0)
		return fail_oom(err);
	commit.image = image;
	commit.blobs = &blobs;
	if (store_commit_image(job, &commit, err) < 0)
		return -1;
	*ret_id = TAKE_PTR(image->id);
	return 0;
}

int store_job_import(struct store_job *job, int fd, const struct import_options *options, char **ret_id,
		     struct error *err)
{
	struct layer_request request = { .fd = fd, .blob_size = UINT64_MAX };
	struct layer_result layer = { 0 };
	struct image_config *config;
	autofree char *name = NULL, *file = NULL;

	if (options->reference && store_name_file(options->reference, &file, &name, err) < 0)
		return -1;
	if (store_add_layer(job, &request, &layer, err) < 0)
		return -1;
	config = make_config(options, &layer);
	if (!config)
		return fail_oom(err);
	return record(job, config, &layer, &(struct store_commit){ .name = name, .name_file = file }, ret_id, err);
}
