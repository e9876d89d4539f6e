/* pump.c - from FIFO to log, exactly once. */
#include "shim/pump.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "launch/log_segment.h"

#define STATE_MAGIC 0x504d505aU /* "ZPMP" */
#define STATE_VERSION 1

static const char *const fifo_names[2] = { "stdout", "stderr" };

static const struct pump_commit *committed(const struct pump *p)
{
	return &p->state->commits[p->state->current & 1];
}

/* The compiler must not move the stores of one phase past the next: a signal may end us between any two. */
static void barrier(void)
{
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static void commit(struct pump *p, const struct pump_commit *next)
{
	uint32_t other = (p->state->current & 1) ^ 1;

	p->state->commits[other] = *next;
	barrier();
	p->state->current = other;
	barrier();
}

/* Where the formatted lines of one chunk go. */
struct writer {
	struct pump *p;
	uint64_t offset;
	size_t used;
	int status;
	char buffer[32 * 1024];
};

static void flush(struct writer *w)
{
	size_t done = 0;

	while (w->status == 0 && done < w->used) {
		ssize_t n = pwrite(w->p->segment_fd, w->buffer + done, w->used - done, (off_t)w->offset);

		if (n < 0 && errno != EINTR)
			w->status = -errno;
		if (n > 0) {
			done += (size_t)n;
			w->offset += (uint64_t)n;
		}
	}
	w->used = 0;
}

static void put(struct writer *w, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		size_t room = sizeof(w->buffer) - w->used, n = len < room ? len : room;

		memcpy(w->buffer + w->used, at, n);
		w->used += n;
		at += n;
		len -= n;
		if (w->used == sizeof(w->buffer))
			flush(w);
	}
}

/* Entries for each line of the chunk; a last piece without its newline is a partial one. */
static bool put_entries(struct writer *w, const struct pump_state *s)
{
	char full[LOG_PREFIX_SIZE], partial[LOG_PREFIX_SIZE];
	const unsigned char *at = s->data, *end = s->data + s->chunk_length;

	log_prefix_format(s->chunk_time_ns, (int)s->chunk_stream, 0, full);
	log_prefix_format(s->chunk_time_ns, (int)s->chunk_stream, 1, partial);
	while (at < end) {
		const unsigned char *newline = memchr(at, '\n', (size_t)(end - at));

		put(w, newline ? full : partial, LOG_PREFIX_LENGTH);
		put(w, at, (size_t)((newline ? newline : end) - at));
		put(w, "\n", 1);
		if (!newline)
			return true;
		at = newline + 1;
	}
	return false;
}

static int open_segment(struct pump *p, uint32_t number)
{
	char name[LOG_SEGMENT_NAME_SIZE];
	int fd;

	log_segment_name(number, name);
	fd = openat(p->log_dir_fd, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	cleanup_close(&p->segment_fd);
	p->segment_fd = fd;
	return 0;
}

/* The next segment, and the oldest away. Its number is committed with its first chunk. */
static int rotate(struct pump *p, struct pump_commit *next)
{
	char name[LOG_SEGMENT_NAME_SIZE];
	int r = open_segment(p, next->segment + 1);

	if (r < 0)
		return r;
	next->segment++;
	next->offset = 0;
	if (next->segment > p->state->most_segments) {
		log_segment_name(next->segment - p->state->most_segments, name);
		unlinkat(p->log_dir_fd, name, 0);
	}
	return 0;
}

/* Puts the chunk into the log and commits it. */
static int store_chunk(struct pump *p)
{
	struct pump_commit next = *committed(p);
	struct writer w = { .p = p };
	bool is_inside;

	if (next.offset >= p->state->segment_bytes) {
		int r = rotate(p, &next);

		if (r < 0)
			return r;
	}
	w.offset = next.offset;
	is_inside = put_entries(&w, p->state);
	flush(&w);
	if (w.status < 0)
		return w.status;
	next.offset = w.offset;
	next.sequence = p->state->chunk_sequence;
	next.is_inside_line[p->state->chunk_stream & 1] = is_inside;
	commit(p, &next);
	return 0;
}

static int peek_byte(struct pump *p, int fifo, unsigned char *ret)
{
	if (tee(fifo, p->peek[1], 1, SPLICE_F_NONBLOCK) != 1)
		return -errno;
	return read(p->peek[0], ret, 1) == 1 ? 0 : -EIO;
}

/* Announces what will be taken: at least that much is there, and nobody else takes. */
static int announce(struct pump *p, int stream, uint32_t length)
{
	struct pump_state *s = p->state;
	int r = peek_byte(p, p->fifos[stream], &s->chunk_first);

	if (r < 0)
		return r;
	s->data[0] = (unsigned char)~s->chunk_first;
	s->chunk_stream = (uint32_t)stream;
	s->chunk_length = length;
	s->chunk_time_ns = clock_realtime_ns();
	barrier();
	s->chunk_sequence = committed(p)->sequence + 1;
	barrier();
	return 0;
}

/* A page of the state that the disk has no room for would be a SIGBUS. Containers that write nothing pay nothing. */
static int reserve(struct pump *p)
{
	int r = p->is_reserved ? 0 : posix_fallocate(p->state_fd, 0, sizeof(*p->state));

	p->is_reserved = r == 0;
	return r == EINVAL || r == EOPNOTSUPP ? 0 : -r;
}

/* Moves the announced chunk out of the FIFO. 1, or 0 when nothing was left of it: the container can read its own FIFO,
 * and then less is there than was announced. */
static int take(struct pump *p, int stream)
{
	struct pump_state *s = p->state;
	uint32_t done = 0;
	ssize_t n = 1;

	while (n > 0 && done < s->chunk_length) {
		n = read(p->fifos[stream], s->data + done, s->chunk_length - done);
		done += n > 0 ? (uint32_t)n : 0;
	}
	if (done > 0)
		s->chunk_length = done;
	else
		s->chunk_sequence = committed(p)->sequence;
	return done > 0;
}

int pump_step(struct pump *p, int stream)
{
	int available = 0, r;
	uint32_t length;

	if (ioctl(p->fifos[stream], FIONREAD, &available) < 0)
		return -errno;
	if (available <= 0)
		return 0;
	length = available < PUMP_CHUNK ? (uint32_t)available : PUMP_CHUNK;
	r = reserve(p);
	if (r == 0)
		r = announce(p, stream, length);
	if (r == 0)
		r = take(p, stream);
	if (r <= 0)
		return r;
	barrier();
	r = store_chunk(p);
	return r < 0 ? r : 1;
}

static bool is_under_way(const struct pump *p)
{
	return p->state->chunk_sequence != committed(p)->sequence;
}

int pump_resume(struct pump *p)
{
	return is_under_way(p) ? store_chunk(p) : 0;
}

int pump_drain(struct pump *p)
{
	int r = pump_resume(p);

	for (int stream = 0; r >= 0 && stream < 2; stream++)
		do
			r = pump_step(p, stream);
		while (r > 0);
	return r;
}

static int map_state(struct pump *p, int runtime_dir_fd, bool is_new)
{
	autoclose int fd = openat(runtime_dir_fd, "pump",
				  O_RDWR | O_NOFOLLOW | O_CLOEXEC | (is_new ? O_CREAT | O_TRUNC : 0), 0600);
	struct stat st;
	void *at;

	if (fd < 0)
		return -errno;
	if (is_new && ftruncate(fd, sizeof(*p->state)) < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || st.st_size != sizeof(*p->state))
		return -EINVAL;
	at = mmap(NULL, sizeof(*p->state), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	p->state = at;
	p->state_fd = TAKE_FD(fd);
	return 0;
}

/* Read-write: then neither side's death is an end of file. */
static int open_fifos(struct pump *p, int runtime_dir_fd)
{
	for (int i = 0; i < 2; i++) {
		p->fifos[i] = openat(runtime_dir_fd, fifo_names[i], O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
		if (p->fifos[i] < 0)
			return -errno;
	}
	return 0;
}

static int open_common(struct pump *p, int container_dir_fd, int runtime_dir_fd)
{
	*p = (struct pump){ .fifos = { -1, -1 }, .segment_fd = -1, .state_fd = -1, .peek = { -1, -1 } };
	p->log_dir_fd = dir_open_make(container_dir_fd, LOG_DIRECTORY, 0750);
	if (p->log_dir_fd < 0)
		return p->log_dir_fd;
	return pipe2(p->peek, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : open_fifos(p, runtime_dir_fd);
}

/* A container that is started again goes on behind its last segment. */
static uint32_t first_free_segment(const struct pump *p)
{
	int fd = openat(p->log_dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	uint32_t highest = 0;

	while (dir && (entry = readdir(dir)))
		if (log_segment_number(entry->d_name) > highest)
			highest = log_segment_number(entry->d_name);
	if (dir)
		closedir(dir);
	else
		cleanup_close(&fd);
	return highest + 1;
}

int pump_open_new(struct pump *p, int container_dir_fd, int runtime_dir_fd, uint64_t segment_bytes,
		  uint32_t most_segments)
{
	int r;

	for (int i = 0; i < 2; i++)
		if (mkfifoat(runtime_dir_fd, fifo_names[i], 0600) < 0)
			return -errno;
	r = open_common(p, container_dir_fd, runtime_dir_fd);
	if (r == 0)
		r = map_state(p, runtime_dir_fd, true);
	if (r < 0)
		return r;
	p->state->magic = STATE_MAGIC;
	p->state->version = STATE_VERSION;
	p->state->segment_bytes = segment_bytes ? segment_bytes : LOG_SEGMENT_BYTES;
	p->state->most_segments = most_segments ? most_segments : LOG_MOST_SEGMENTS;
	p->state->commits[0].segment = first_free_segment(p);
	return open_segment(p, p->state->commits[0].segment);
}

int pump_open_again(struct pump *p, int container_dir_fd, int runtime_dir_fd)
{
	int r = open_common(p, container_dir_fd, runtime_dir_fd);

	if (r == 0)
		r = map_state(p, runtime_dir_fd, false);
	if (r < 0)
		return r;
	if (p->state->magic != STATE_MAGIC || p->state->version != STATE_VERSION || p->state->chunk_length > PUMP_CHUNK)
		return -EINVAL;
	/* What the former pump wrote past its commit is written again, the same to the byte: its readers keep it. */
	r = open_segment(p, committed(p)->segment);
	if (r < 0)
		return r;
	/* Announced and not taken: it is still in the FIFO. */
	if (is_under_way(p) && p->state->data[0] != p->state->chunk_first)
		p->state->chunk_sequence = committed(p)->sequence;
	return pump_resume(p);
}

void pump_close(struct pump *p)
{
	for (int i = 0; i < 2; i++) {
		cleanup_close(&p->fifos[i]);
		cleanup_close(&p->peek[i]);
	}
	cleanup_close(&p->segment_fd);
	cleanup_close(&p->log_dir_fd);
	cleanup_close(&p->state_fd);
	if (p->state)
		munmap(p->state, sizeof(*p->state));
	p->state = NULL;
}
