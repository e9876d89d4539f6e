/* decompress.c - gzip by ISA-L, zstd by libzstd, over all members and frames of a stream. */
#include "store/decompress.h"

#include <isa-l/igzip_lib.h>
#include <string.h>
#include <zstd.h>

/* What every kind has in common: a source, the block that is being read, and the block that is given out. */
struct decompress {
	struct byte_stream stream;
	struct byte_stream *source;
	const uint8_t *in;
	size_t in_len;
	bool is_source_done;
	bool is_inside; /* in the middle of a member */
	struct inflate_state *gzip;
	ZSTD_DStream *zstd;
	uint8_t out[BYTE_STREAM_BLOCK];
};

static int refill(struct decompress *self, struct error *err)
{
	int r;

	if (self->in_len > 0 || self->is_source_done)
		return 0;
	r = byte_stream_next(self->source, &self->in, &self->in_len, err);
	if (r == 0) {
		self->in_len = 0;
		self->is_source_done = true;
	}
	return r < 0 ? -1 : 0;
}

static int plain_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct decompress *self = (struct decompress *)stream;

	if (refill(self, err) < 0)
		return -1;
	*ret = self->in;
	*ret_len = self->in_len;
	self->in_len = 0;
	return *ret_len > 0;
}

static int start_member(struct decompress *self, struct error *err)
{
	if (self->in[0] != 0x1f)
		return fail(err, ERR_INVALID_SPEC, "gzip: something else follows the compressed data");
	isal_inflate_reset(self->gzip);
	self->is_inside = true;
	return 0;
}

/* One call of the inflater on what is there. */
static int inflate_some(struct decompress *self, uint32_t *filled, struct error *err)
{
	struct inflate_state *state = self->gzip;
	int r;

	state->next_in = (uint8_t *)self->in;
	state->avail_in = (uint32_t)self->in_len;
	state->next_out = self->out + *filled;
	state->avail_out = (uint32_t)sizeof(self->out) - *filled;
	r = isal_inflate(state);
	if (r == ISAL_INCORRECT_CHECKSUM)
		return fail(err, ERR_INVALID_SPEC, "gzip: checksum does not match");
	if (r != ISAL_DECOMP_OK && r != ISAL_END_INPUT && r != ISAL_OUT_OVERFLOW)
		return fail(err, ERR_INVALID_SPEC, "gzip: damaged data");
	self->in = state->next_in;
	self->in_len = state->avail_in;
	*filled = (uint32_t)sizeof(self->out) - state->avail_out;
	self->is_inside = state->block_state != ISAL_BLOCK_FINISH;
	return 0;
}

static int gzip_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct decompress *self = (struct decompress *)stream;
	uint32_t filled = 0;

	while (filled < sizeof(self->out)) {
		if (refill(self, err) < 0)
			return -1;
		if (self->in_len == 0 && !self->is_inside)
			break;
		if (!self->is_inside && start_member(self, err) < 0)
			return -1;
		if (self->is_source_done) {
			uint32_t before = filled;

			/* Output may be waiting inside the inflater still; when there is none, more input was due. */
			if (inflate_some(self, &filled, err) < 0)
				return -1;
			if (self->is_inside && filled == before)
				return fail(err, ERR_INVALID_SPEC, "gzip: ends too early");
		} else if (inflate_some(self, &filled, err) < 0) {
			return -1;
		}
	}
	*ret = self->out;
	*ret_len = filled;
	return filled > 0;
}

static int zstd_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct decompress *self = (struct decompress *)stream;
	ZSTD_outBuffer out = { self->out, sizeof(self->out), 0 };

	while (out.pos < out.size) {
		ZSTD_inBuffer in;
		size_t before = out.pos, r;

		if (refill(self, err) < 0)
			return -1;
		if (self->in_len == 0 && !self->is_inside)
			break;
		in = (ZSTD_inBuffer){ self->in, self->in_len, 0 };
		r = ZSTD_decompressStream(self->zstd, &out, &in);
		if (ZSTD_isError(r))
			return fail(err, ERR_INVALID_SPEC, "zstd: %s", ZSTD_getErrorName(r));
		self->in += in.pos;
		self->in_len -= in.pos;
		self->is_inside = r != 0;
		if (self->is_inside && self->is_source_done && out.pos == before)
			return fail(err, ERR_INVALID_SPEC, "zstd: ends too early");
	}
	*ret = self->out;
	*ret_len = out.pos;
	return out.pos > 0;
}

static void decompress_free(struct byte_stream *stream)
{
	struct decompress *self = (struct decompress *)stream;

	byte_stream_free(self->source);
	free(self->gzip);
	ZSTD_freeDStream(self->zstd);
	free(self);
}

static enum compression recognise(const uint8_t *data, size_t len)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b }, zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };

	if (len >= sizeof(gzip) && memcmp(data, gzip, sizeof(gzip)) == 0)
		return COMPRESSION_GZIP;
	if (len >= sizeof(zstd) && memcmp(data, zstd, sizeof(zstd)) == 0)
		return COMPRESSION_ZSTD;
	/* A zstd stream may begin with a frame to be skipped: 0x184D2A5x. */
	if (len >= 4 && (data[0] & 0xf0) == 0x50 && data[1] == 0x2a && data[2] == 0x4d && data[3] == 0x18)
		return COMPRESSION_ZSTD;
	return COMPRESSION_NONE;
}

static int prepare(struct decompress *self, enum compression kind, struct error *err)
{
	switch (kind) {
	case COMPRESSION_NONE:
		self->stream.next = plain_next;
		return 0;
	case COMPRESSION_GZIP:
		self->stream.next = gzip_next;
		self->gzip = calloc(1, sizeof(*self->gzip));
		if (!self->gzip)
			return fail_oom(err);
		isal_inflate_init(self->gzip);
		self->gzip->crc_flag = ISAL_GZIP;
		return 0;
	case COMPRESSION_ZSTD:
		self->stream.next = zstd_next;
		self->zstd = ZSTD_createDStream();
		return self->zstd ? 0 : fail_oom(err);
	}
	return 0;
}

struct byte_stream *decompress_new(struct byte_stream *source, enum compression *ret_kind, struct error *err)
{
	struct decompress *self = malloc(sizeof(*self));
	enum compression kind;

	if (!self) {
		byte_stream_free(source);
		fail_oom(err);
		return NULL;
	}
	memset(self, 0, offsetof(struct decompress, out));
	self->source = source;
	self->stream.free = decompress_free;
	if (refill(self, err) < 0)
		goto failed;
	kind = recognise(self->in, self->in_len);
	if (prepare(self, kind, err) < 0)
		goto failed;
	*ret_kind = kind;
	return &self->stream;
failed:
	decompress_free(&self->stream);
	return NULL;
}
