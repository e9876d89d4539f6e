/* byte_stream.c - streams of blocks: reading an fd; hashing, counting and keeping what passes. */
#include "store/byte_stream.h"

#include <inttypes.h>
#include <poll.h>

#include "base/file.h"

void byte_stream_free(struct byte_stream *stream)
{
	if (stream)
		stream->free(stream);
}

int byte_stream_drain(struct byte_stream *stream, struct error *err)
{
	const uint8_t *block;
	size_t len;
	int r;

	do
		r = byte_stream_next(stream, &block, &len, err);
	while (r > 0);
	return r;
}

struct fd_stream {
	struct byte_stream stream;
	int fd, stop_fd;
	uint8_t block[BYTE_STREAM_BLOCK];
};

/* 0 when there is something to read, the end of the file included. */
static int wait_for_input(const struct fd_stream *self)
{
	struct pollfd fds[] = { { self->fd, POLLIN, 0 }, { self->stop_fd, POLLIN, 0 } };
	int r;

	do
		r = poll(fds, 2, -1);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	return fds[1].revents ? -ECANCELED : 0;
}

static int fd_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct fd_stream *self = (struct fd_stream *)stream;
	size_t filled = 0;
	ssize_t n = 1;

	while (filled < sizeof(self->block) && n != 0) {
		int r = self->stop_fd < 0 ? 0 : wait_for_input(self);

		n = r < 0 ? r : read(self->fd, self->block + filled, sizeof(self->block) - filled);
		if (r < 0 || (n < 0 && errno != EINTR))
			return fail_errno(err, r < 0 ? r : errno, "read");
		filled += n > 0 ? (size_t)n : 0;
	}
	*ret = self->block;
	*ret_len = filled;
	return filled > 0;
}

static void fd_free(struct byte_stream *stream)
{
	free(stream);
}

struct byte_stream *byte_stream_from_fd(int fd, int stop_fd, struct error *err)
{
	struct fd_stream *self = malloc(sizeof(*self));

	if (!self) {
		fail_oom(err);
		return NULL;
	}
	self->stream = (struct byte_stream){ fd_next, fd_free };
	self->fd = fd;
	self->stop_fd = stop_fd;
	return &self->stream;
}

int byte_tally_init(struct byte_tally *tally, struct error *err)
{
	*tally = (struct byte_tally){ .digest = digest_new() };
	return tally->digest ? 0 : fail_oom(err);
}

void byte_tally_done(struct byte_tally *tally)
{
	digest_free(tally->digest);
	tally->digest = NULL;
}

struct tee_stream {
	struct byte_stream stream;
	struct byte_stream *source;
	struct byte_tee tee;
};

static int check_growth(const struct byte_tee *tee, size_t more, struct error *err)
{
	uint64_t bytes = tee->tally->bytes, allowed = UINT64_MAX;

	if (more > tee->limit - bytes)
		return fail(err, ERR_INVALID_SPEC, "%s: larger than the limit of %" PRIu64 " bytes", tee->what,
			    tee->limit);
	if (!tee->ratio.compressed || __builtin_mul_overflow(tee->ratio.compressed->bytes, tee->ratio.most, &allowed) ||
	    __builtin_add_overflow(allowed, tee->ratio.free_bytes, &allowed))
		return 0;
	if (bytes + more > allowed)
		return fail(err, ERR_INVALID_SPEC, "%s: expands more than %" PRIu64 " times, the limit", tee->what,
			    tee->ratio.most);
	return 0;
}

static int tee_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct tee_stream *self = (struct tee_stream *)stream;
	struct byte_tee *tee = &self->tee;
	int r = byte_stream_next(self->source, ret, ret_len, err);

	if (r <= 0)
		return r;
	if (check_growth(tee, *ret_len, err) < 0)
		return -1;
	tee->tally->bytes += *ret_len;
	if (tee->tally->digest)
		digest_add(tee->tally->digest, *ret, *ret_len);
	if (tee->copy_fd >= 0) {
		int w = write_all(tee->copy_fd, *ret, *ret_len);

		if (w < 0)
			return fail_errno(err, w, "write %s", tee->what);
	}
	return 1;
}

static void tee_free(struct byte_stream *stream)
{
	struct tee_stream *self = (struct tee_stream *)stream;

	byte_stream_free(self->source);
	free(self);
}

struct byte_stream *byte_stream_tee(struct byte_stream *source, const struct byte_tee *tee, struct error *err)
{
	struct tee_stream *self = malloc(sizeof(*self));

	if (!self) {
		byte_stream_free(source);
		fail_oom(err);
		return NULL;
	}
	*self = (struct tee_stream){ { tee_next, tee_free }, source, *tee };
	return &self->stream;
}
