/* layer_writer.h - tar entries into a directory, in the form in which overlayfs takes a lower layer.
 *
 * `.wh.NAME` becomes the character device 0/0, `.wh..wh..opq` the attribute trusted.overlay.opaque=y on its
 * directory (image-spec 1.1, layer.md; Documentation/filesystems/overlayfs.rst). Nothing is ever written through a
 * symlink that leads out: every directory is opened below the layer's root. A later entry takes the place of an
 * earlier one of the same name; only a directory over a directory keeps what is in it. Owner, mode with setuid bits,
 * time and the extended attributes user.*, security.capability and POSIX ACLs are kept; other namespaces are the
 * host's business and dropped.
 */
#pragma once
#include "store/tar_reader.h"

struct layer_writer;

/* rootfd: an empty directory, borrowed. lowers: root fds of the layers below it in the image that brings the
 * layer, lowest first, borrowed: a directory that entries need but the archive does not have takes its owner and
 * mode from there. */
struct layer_writer *layer_writer_new(int rootfd, const int *lowers, size_t n_lowers, const struct store_limits *limits,
				      struct error *err);
void layer_writer_free(struct layer_writer *writer);
DEFINE_AUTO(layer_writer)

/* Writes the entry that reader has just given, with its data. */
int layer_writer_add(struct layer_writer *writer, struct tar_reader *reader, const struct tar_entry *entry,
		     struct error *err);

struct layer_totals {
	uint64_t size_bytes;  /* of all files */
	int64_t newest_mtime; /* seconds since the epoch, 0 at least */
};

/* What had to wait for the end: hard links to later entries, the times of directories. */
int layer_writer_finish(struct layer_writer *writer, struct layer_totals *ret, struct error *err);
