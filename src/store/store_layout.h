/* store_layout.h - where things lie in a store's directory, for both sides: the readers and zlayer-store. */
#pragma once

#define STORE_BLOBS "blobs/sha256"
#define STORE_LAYERS "layers" /* layers/HEX/root is the tree, layers/HEX/size its files' bytes in decimal */
#define STORE_IMAGES "images"
#define STORE_NAMES "names" /* a symlink a name, to ../images/HEX; '/' of the name is written '%' */
#define STORE_TMP "tmp"
#define STORE_LAYER_ROOT "root"
#define STORE_LAYER_SIZE "size"

/* Longest file name that every file system takes: longer references cannot be kept. */
#define STORE_NAME_MAX 255

#define STORE_RECORD_LIMIT (8UL << 20)

/* HEX of "sha256:HEX", inside it. */
#define DIGEST_HEX(digest) ((digest) + sizeof("sha256:") - 1)
