/* image_config.h - the parts of an OCI image config (image-spec 1.1, config.md) that running a container needs. Data
 * only: nothing in it drives the agent. Strings are the struct's own.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "base/strv.h"

struct image_config {
	char *architecture, *os, *created; /* NULL where the image does not say */
	struct strv entrypoint, cmd, env;
	char *workdir, *user, *stop_signal; /* NULL where the image does not say */
	struct strv volumes;                /* target paths */
	struct strv exposed_ports;          /* "80/tcp" */
	struct strv labels;                 /* NAME=VALUE */
	struct strv diff_ids;               /* sha256 of each unpacked layer's tar, lowest first */
	char *comment;                      /* of the newest history entry; NULL where there is none */
};

/* Parses at most IMAGE_CONFIG_LIMIT bytes, strictly. NULL on failure. */
#define IMAGE_CONFIG_LIMIT (4UL << 20)
struct image_config *image_config_parse(const char *json, size_t len, struct error *err);
void image_config_free(struct image_config *config);
DEFINE_AUTO(image_config)

/* The JSON of an image config with these parts, the same bytes for the same parts: what `image import` writes.
 * The history is one entry, and none without a comment. 0 or -1. */
int image_config_print(const struct image_config *config, struct strbuf *out, struct error *err);
