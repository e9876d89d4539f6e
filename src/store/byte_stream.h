/* byte_stream.h - bytes that come in blocks: a file or pipe, what hashes and keeps them on the way, what unpacks
 * them.
 *
 * A stream owns the stream that it reads from; freeing the outermost frees all. A block is borrowed until the next
 * call: nothing is copied between the stages. One thread at a time.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/error.h"

struct byte_stream {
	/* 1 and a block of at least one byte; 0 at the end, and again at each later call; -1. */
	int (*next)(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err);
	void (*free)(struct byte_stream *stream);
};

#define BYTE_STREAM_BLOCK (512UL << 10)

static inline int byte_stream_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	return stream->next(stream, ret, ret_len, err);
}
void byte_stream_free(struct byte_stream *stream);
DEFINE_AUTO(byte_stream)

/* Reads on to the end, so that hashes on the way are whole. */
int byte_stream_drain(struct byte_stream *stream, struct error *err);

/* A file or pipe; fd stays the caller's and open. Blocks are full but the last. A pipe may have nothing to give
 * for long: when stop_fd (-1: none) becomes readable, waiting for it ends with ERR_INTERNAL. */
struct byte_stream *byte_stream_from_fd(int fd, int stop_fd, struct error *err);

/* What has gone through a tee. The digest may be asked for once, after the stream's end; NULL: not wanted. */
struct byte_tally {
	struct digest *digest;
	uint64_t bytes;
};
int byte_tally_init(struct byte_tally *tally, struct error *err);
void byte_tally_done(struct byte_tally *tally);
DEFINE_AUTO_DONE(byte_tally)

/* A bomb is what grows out of proportion while it is decompressed. */
struct byte_ratio {
	const struct byte_tally *compressed; /* NULL: not watched */
	uint64_t most, free_bytes;           /* more than free_bytes + most * compressed bytes fail */
};

struct byte_tee {
	struct byte_tally *tally; /* borrowed, counted and hashed into */
	int copy_fd;              /* where every byte is written too; -1: nowhere */
	uint64_t limit;           /* more bytes than this fail, ... */
	const char *what;         /* ... naming what grew: "layer" */
	struct byte_ratio ratio;
};

/* Takes over source, also on failure. */
struct byte_stream *byte_stream_tee(struct byte_stream *source, const struct byte_tee *tee, struct error *err);
