/* decompress.h - gzip and zstd streams recognised by their first bytes; anything else passes as it is. */
#pragma once
#include "store/byte_stream.h"

enum compression { COMPRESSION_NONE, COMPRESSION_GZIP, COMPRESSION_ZSTD };

/* Takes over source, also on failure. Reads its first block. A stream that ends too early, has a wrong checksum
 * or goes on with something else behind its last member fails. */
struct byte_stream *decompress_new(struct byte_stream *source, enum compression *ret_kind, struct error *err);
