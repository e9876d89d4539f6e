/* image_manifest.h - image manifests and indexes (image-spec 1.1, manifest.md, image-index.md) and their Docker
 * schema 2 forms. Pure: digests are checked for their form only, whoever reads the blobs checks that they are true.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "oci/blob_source.h" /* MANIFEST_LIMIT */

#define MEDIA_TYPE_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define MEDIA_TYPE_INDEX "application/vnd.oci.image.index.v1+json"
#define MEDIA_TYPE_CONFIG "application/vnd.oci.image.config.v1+json"
#define MEDIA_TYPE_LAYER "application/vnd.oci.image.layer.v1.tar"
#define MEDIA_TYPE_LAYER_GZIP "application/vnd.oci.image.layer.v1.tar+gzip"
#define MEDIA_TYPE_LAYER_ZSTD "application/vnd.oci.image.layer.v1.tar+zstd"

enum media_kind { MEDIA_UNKNOWN, MEDIA_MANIFEST, MEDIA_INDEX, MEDIA_CONFIG, MEDIA_LAYER };

/* What a media type stands for, OCI's or Docker's. */
enum media_kind media_kind_of(const char *media_type);

struct image_platform {
	char *os, *architecture, *variant; /* NULL where the descriptor does not say */
};

struct image_descriptor {
	char *media_type;
	char *digest; /* "sha256:..." */
	uint64_t size;
	struct image_platform platform;
	char *name; /* annotation io.containerd.image.name, else org.opencontainers.image.ref.name, else NULL */
};

struct image_descriptors {
	struct image_descriptor *items;
	size_t count, capacity;
};

/* A manifest (config and layers) or an index (manifests). */
struct image_manifest {
	enum media_kind kind; /* MEDIA_MANIFEST or MEDIA_INDEX */
	struct image_descriptor config;
	struct image_descriptors layers;    /* lowest first */
	struct image_descriptors manifests; /* in the index's order */
};

/* Which of the two it is, mediaType says, or else what it has in it; media_type is what the way here promised, NULL for
 * nothing, and must not be contradicted. NULL on failure. */
struct image_manifest *image_manifest_parse(const char *json, size_t len, const char *media_type, struct error *err);
void image_manifest_free(struct image_manifest *manifest);
DEFINE_AUTO(image_manifest)

/* The JSON of a manifest; same parts, same bytes. */
int image_manifest_print(const struct image_manifest *manifest, struct strbuf *out, struct error *err);

/* The machine's own platform in Go's words ("linux", "amd64"); borrowed, static. */
struct image_platform image_platform_host(void);

/* What does not say its platform fits. Attestations ("unknown/unknown") never do. */
bool image_platform_fits(const struct image_platform *platform, const struct image_platform *host);

/* The manifest of an index that suits the host best, borrowed. ERR_NOT_FOUND lists what there is. */
const struct image_descriptor *image_index_pick(const struct image_manifest *index, const struct image_platform *host,
						struct error *err);
