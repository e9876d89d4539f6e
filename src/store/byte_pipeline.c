/* byte_pipeline.c - reading ahead into a ring of blocks. */
#include "store/byte_pipeline.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "base/file.h"

#define SLOTS 4

struct slot {
	uint8_t data[BYTE_STREAM_BLOCK];
	size_t len;
};

struct pipeline {
	struct byte_stream stream;
	struct byte_stream *source;
	int stop_fd;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	/* Under the mutex. The slots [first, first + filled) are the reader's, the others the thread's. */
	size_t first, filled;
	bool is_ended, is_unwanted;
	int status; /* of the end: 0 or -1 with error */
	struct error error;
	/* The reader's. */
	bool has_slot;
	struct slot slots[SLOTS];
};

/* The next slot to fill; NULL when nobody wants more. */
static struct slot *wait_for_room(struct pipeline *self)
{
	struct slot *slot = NULL;

	pthread_mutex_lock(&self->mutex);
	while (self->filled == SLOTS && !self->is_unwanted)
		pthread_cond_wait(&self->changed, &self->mutex);
	if (!self->is_unwanted)
		slot = &self->slots[(self->first + self->filled) % SLOTS];
	pthread_mutex_unlock(&self->mutex);
	return slot;
}

static void give(struct pipeline *self)
{
	pthread_mutex_lock(&self->mutex);
	self->filled++;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->mutex);
}

static void end(struct pipeline *self, int status, const struct error *error)
{
	pthread_mutex_lock(&self->mutex);
	self->is_ended = true;
	self->status = status;
	self->error = *error;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->mutex);
}

/* Blocks of a source are at most BYTE_STREAM_BLOCK long. */
static void *read_ahead(void *context)
{
	struct pipeline *self = context;
	struct error error = { 0 };
	const uint8_t *block;
	struct slot *slot;
	size_t len;
	int r = 1;

	while (r > 0 && (slot = wait_for_room(self))) {
		r = byte_stream_next(self->source, &block, &len, &error);
		if (r <= 0)
			break;
		memcpy(slot->data, block, len);
		slot->len = len;
		give(self);
	}
	end(self, r < 0 ? -1 : 0, &error);
	return NULL;
}

static int pipeline_next(struct byte_stream *stream, const uint8_t **ret, size_t *ret_len, struct error *err)
{
	struct pipeline *self = (struct pipeline *)stream;
	int r = 1;

	pthread_mutex_lock(&self->mutex);
	if (self->has_slot) {
		self->first = (self->first + 1) % SLOTS;
		self->filled--;
		self->has_slot = false;
		pthread_cond_signal(&self->changed);
	}
	while (self->filled == 0 && !self->is_ended)
		pthread_cond_wait(&self->changed, &self->mutex);
	if (self->filled > 0) {
		*ret = self->slots[self->first].data;
		*ret_len = self->slots[self->first].len;
		self->has_slot = true;
	} else {
		r = self->status;
		if (r < 0 && err)
			*err = self->error;
	}
	pthread_mutex_unlock(&self->mutex);
	return r;
}

static void pipeline_free(struct byte_stream *stream)
{
	struct pipeline *self = (struct pipeline *)stream;

	pthread_mutex_lock(&self->mutex);
	self->is_unwanted = true;
	pthread_cond_signal(&self->changed);
	pthread_mutex_unlock(&self->mutex);
	if (self->stop_fd >= 0)
		write_all(self->stop_fd, "", 1);
	pthread_join(self->thread, NULL);
	pthread_cond_destroy(&self->changed);
	pthread_mutex_destroy(&self->mutex);
	byte_stream_free(self->source);
	free(self);
}

struct byte_stream *byte_pipeline_new(struct byte_stream *source, int stop_fd, struct error *err)
{
	struct pipeline *self = malloc(sizeof(*self));
	int r;

	if (!self) {
		byte_stream_free(source);
		fail_oom(err);
		return NULL;
	}
	memset(self, 0, offsetof(struct pipeline, slots));
	self->stream = (struct byte_stream){ pipeline_next, pipeline_free };
	self->source = source;
	self->stop_fd = stop_fd;
	pthread_mutex_init(&self->mutex, NULL);
	pthread_cond_init(&self->changed, NULL);
	r = pthread_create(&self->thread, NULL, read_ahead, self);
	if (r == 0)
		return &self->stream;
	fail_errno(err, r, "start a thread");
	byte_stream_free(source);
	free(self);
	return NULL;
}
