/* tar_reader.h - a tar archive as a stream of entries: ustar, pax, GNU. It knows nothing of file systems: names are
 * given as they stand in the archive, and whoever writes them somewhere checks them.
 *
 * Global pax headers are read and not applied (as Go's archive/tar and libarchive do); sparse files are refused. The
 * size of an entry that is no file is taken as 0, as Go does, which is what the digests of published layers assume.
 */
#pragma once
#include "store/byte_stream.h"
#include "store/store_limits.h"
#include "store/tar_pax.h"

enum tar_type {
	TAR_FILE,
	TAR_HARD_LINK,
	TAR_SYMLINK,
	TAR_CHAR_DEVICE,
	TAR_BLOCK_DEVICE,
	TAR_DIRECTORY,
	TAR_FIFO,
};

struct tar_entry {
	enum tar_type type;
	const char *name;
	const char *link; /* target of a hard link or symlink, else "" */
	uint32_t mode;    /* permission bits, setuid, setgid and sticky */
	uint32_t uid, gid;
	uint64_t size; /* of a file's data */
	int64_t mtime;
	uint32_t mtime_ns;
	uint32_t device_major, device_minor;
	const struct tar_xattr *xattrs;
	size_t n_xattrs;
};

struct tar_reader;

/* source and limits are borrowed and outlive the reader. */
struct tar_reader *tar_reader_new(struct byte_stream *source, const struct store_limits *limits, struct error *err);
void tar_reader_free(struct tar_reader *reader);
DEFINE_AUTO(tar_reader)

/* 1 and an entry, borrowed until the next call (what was not read of the last one is passed over); 0 at the
 * archive's end; -1. The end is two blocks of zeros or the stream's end between entries. */
int tar_reader_next(struct tar_reader *reader, const struct tar_entry **ret, struct error *err);

/* 1 and some of the entry's data, borrowed until the next call; 0 behind its last byte; -1. */
int tar_reader_data(struct tar_reader *reader, const uint8_t **ret, size_t *ret_len, struct error *err);

/* Reads what follows the archive's end, so that the hashes of the stream are whole. */
int tar_reader_drain(struct tar_reader *reader, struct error *err);
