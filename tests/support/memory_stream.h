/* memory_stream.h - a byte_stream over memory that comes in blocks of any size, and may end in an error. */
#pragma once
#include <stdbool.h>

#include "store/byte_stream.h"

struct memory_stream {
	struct byte_stream stream;
	const uint8_t *data;
	size_t len, block;
	bool fails_at_end;
};

static int memory_stream_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct memory_stream *self = (struct memory_stream *)stream;
	size_t n = self->len < self->block ? self->len : self->block;

	if (n == 0)
		return self->fails_at_end ? fail(err, ERR_NETWORK, "the end") : 0;
	*ret = self->data;
	*ret_len = n;
	self->data += n;
	self->len -= n;
	return 1;
}

static void memory_stream_free(struct byte_stream *stream)
{
	(void)stream;
}

static inline struct memory_stream memory_stream(const void *data, size_t len, size_t block)
{
	return (struct memory_stream){ { memory_stream_next, memory_stream_free }, data, len, block, false };
}
