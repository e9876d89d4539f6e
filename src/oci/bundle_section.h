/* bundle_section.h - the sections of config.json, as runtime_config_print writes them one after the other. */
#pragma once
#include "base/json_writer.h"
#include "oci/runtime_config.h"

/* The mounts of the config and the anonymous volumes that the image asks for, in the order of mounting. */
struct bundle_mounts {
	struct container_mount *items; /* the strings are the config's, or in `targets` */
	size_t count;
	struct strv targets;
};

struct bundle {
	const struct container_config *config;
	const struct image_config *image;
	const struct bundle_context *context;
	struct json_writer w;
	const char *user; /* as typed, of the config or else of the image; NULL: nobody said */
	const char *hostname;
	struct bundle_mounts mounts;
	uint64_t capabilities; /* bounding, effective and permitted */
};

/* Each writes one member of the document. 0 or -1. */
int bundle_write_process(struct bundle *b, struct error *err);
int bundle_write_mounts(struct bundle *b, struct error *err);
int bundle_write_linux(struct bundle *b, struct error *err);
int bundle_write_annotations(struct bundle *b, struct error *err);

/* Whether linux.seccomp is written; ANNOTATION_SECCOMP stands for it where it is not (and nothing for a privileged
 * one). */
bool bundle_has_seccomp(const struct bundle *b);

/* Fills b->mounts; bundle_mounts_done ends it. */
int bundle_mounts_collect(struct bundle *b, struct error *err);
void bundle_mounts_done(struct bundle_mounts *mounts);

/* The bounding set of a container: docker's default one, cap_add and cap_drop applied; all of this process when
 * privileged. Fails when one is added that this process cannot give. */
int bundle_capabilities(const struct container_config *config, uint64_t *ret, struct error *err);
