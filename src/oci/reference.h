/* reference.h - image references as people type them: [host[:port]/]path[:tag][@digest].
 *
 * The grammar is that of the distribution project's `reference` package (regexp.go), which the OCI distribution-spec
 * names; what is left out is filled in as Docker does: docker.io, library/, latest.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define IMAGE_REFERENCE_MAX 1024 /* bytes of the text as typed */

/* All strings live in one block, the reference's own unless it was parsed into memory of the caller. */
struct image_reference {
	char *block;        /* NULL when the memory is the caller's */
	const char *typed;  /* for display */
	const char *host;   /* "docker.io", "localhost:5000" */
	const char *path;   /* "library/nginx" */
	const char *tag;    /* "latest" where neither tag nor digest was given; NULL where only a digest was */
	const char *digest; /* "sha256:..." or NULL */
	bool has_host;      /* the user named the host */
};

/* Fails with ERR_INVALID_SPEC, saying which part is wrong. image_reference_done frees. */
int image_reference_parse(const char *text, struct image_reference *ret, struct error *err);
void image_reference_done(struct image_reference *reference);

/* The same into memory of the caller's, of at least IMAGE_REFERENCE_ROOM bytes; nothing is to be freed. The room:
 * text twice, with what is filled in. */
#define IMAGE_REFERENCE_ROOM(text_len) (2 * (text_len) + 32)
int image_reference_parse_into(const char *text, char *room, struct image_reference *ret, struct error *err);

/* Same normalised host, path, tag and digest, however it was typed. */
bool image_reference_equal(const struct image_reference *a, const struct image_reference *b);

/* "docker.io/library/nginx:latest": yours to free; NULL when memory is out. */
char *image_reference_full_name(const struct image_reference *reference);
