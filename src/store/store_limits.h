/* store_limits.h - how much an archive may ask for. Past any of these it is refused, naming the limit. */
#pragma once
#include <stdint.h>

/*   name             default        what it bounds */
#define STORE_LIMITS(X)                                                                                 \
	X(blob_bytes, 64ULL << 30)      /* one blob or archive as it comes */                           \
	X(layer_bytes, 128ULL << 30)    /* one layer's tar, decompressed */                             \
	X(expansion_ratio, 256)         /* decompressed bytes for each compressed one, ... */           \
	X(expansion_free, 512ULL << 20) /* ... beyond this many: runs of zeros are honest up to here */ \
	X(entries, 4ULL << 20)          /* of one archive */                                            \
	X(path_bytes, 4095)             /* a name or link target */                                     \
	X(path_depth, 256)              /* components of a name */                                      \
	X(header_bytes, 1ULL << 20)     /* one extended header */                                       \
	X(xattrs, 64)                   /* of one entry */                                              \
	X(xattr_bytes, 64ULL << 10)     /* one value: XATTR_SIZE_MAX */                                 \
	X(layers, 256)                  /* of one image */                                              \
	X(images, 1024)                 /* manifests of one layout, nested ones included */             \
	X(index_depth, 4)               /* an index inside an index */

struct store_limits {
#define X(name, value) uint64_t name;
	STORE_LIMITS(X)
#undef X
};

#define STORE_LIMITS_DEFAULT ((struct store_limits){ STORE_LIMITS(STORE_LIMITS_INITIALISE) })
#define STORE_LIMITS_INITIALISE(name, value) .name = (value),
