/* rooted.h - names as they stand in an archive, made into paths that sys/in_root.h can open below a layer. Pure. */
#pragma once
#include <stddef.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "store/store_limits.h"

/* A name as it stands in an archive, cleaned: no leading slash, no empty or "." components. ".." is refused. */
struct rooted_path {
	struct strbuf text; /* "usr/bin/env"; "" for the root itself */
	size_t parent_len;  /* "usr/bin" */
	const char *base;   /* "env", inside text; "" for the root */
};
void rooted_path_done(struct rooted_path *path);
DEFINE_AUTO_DONE(rooted_path)

/* Replaces what path holds. ERR_INVALID_SPEC, naming the name. */
int rooted_path_set(struct rooted_path *path, const char *name, const struct store_limits *limits, struct error *err);
