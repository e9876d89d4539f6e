/* tar_pax.h - the records of a pax extended header ("LENGTH KEY=VALUE\n"): POSIX pax(1), "pax Header Block". Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "store/store_limits.h"

struct tar_xattr {
	char *name;
	uint8_t *value;
	size_t len;
};

/* What the records say about the next entry; a has_ that is false leaves the header's own. */
struct tar_pax {
	char *path, *link_path; /* NULL: not said */
	bool has_size, has_uid, has_gid, has_mtime, is_sparse;
	uint64_t size;
	int64_t uid, gid, mtime;
	uint32_t mtime_ns;
	struct tar_xattr *xattrs;
	size_t n_xattrs, xattrs_capacity;
};

void tar_pax_done(struct tar_pax *pax);
DEFINE_AUTO_DONE(tar_pax)

/* Adds the records to what is there; later ones win. ERR_INVALID_SPEC, naming the record. */
int tar_pax_parse(const char *data, size_t len, const struct store_limits *limits, struct tar_pax *pax,
		  struct error *err);
