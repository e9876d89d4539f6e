/* logs.c - reading a container's log segments: entries in order, of the streams and times that are wanted, to the
 * end or for as long as the container writes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "launch/log_segment.h"
#include "runtime/native/native.h"
#include "sys/procfs.h"

#define READ_BYTES (256 * 1024)
/* An entry is never longer than the pump's chunk and its head. */
#define ENTRY_MOST (128 * 1024)

struct native_reader {
	struct log_reader base;
	struct native *native;
	char id[ID_HEX_SIZE];
	struct log_options options;
	int log_dir_fd, segment_fd;
	uint32_t segment; /* being read; 0: none yet */
	char *buffer;
	size_t start, end; /* unread bytes of the buffer */
	bool is_last_look; /* the container has ended: the end of the log is its end */
	uint64_t skip[3];  /* lines of each stream (index: enum log_stream) still to be passed over for `tail` */
};

static struct native_reader *reader_of(struct log_reader *reader)
{
	return (struct native_reader *)reader;
}

static void close_reader(struct log_reader *base)
{
	struct native_reader *r = reader_of(base);

	cleanup_close(&r->base.fd);
	cleanup_close(&r->log_dir_fd);
	cleanup_close(&r->segment_fd);
	free(r->buffer);
	free(r);
}

/* The lowest segment above `after`, or 0. */
static uint32_t next_segment(const struct native_reader *r, uint32_t after)
{
	int fd = openat(r->log_dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	uint32_t best = 0;

	while (dir && (entry = readdir(dir))) {
		uint32_t number = log_segment_number(entry->d_name);

		if (number > after && (best == 0 || number < best))
			best = number;
	}
	if (dir)
		closedir(dir);
	else
		cleanup_close(&fd);
	return best;
}

static bool open_next_segment(struct native_reader *r)
{
	char name[LOG_SEGMENT_NAME_SIZE];
	uint32_t number = next_segment(r, r->segment);
	int fd;

	if (number == 0)
		return false;
	log_segment_name(number, name);
	fd = openat(r->log_dir_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	cleanup_close(&r->segment_fd);
	r->segment_fd = fd;
	r->segment = number;
	r->start = r->end = 0;
	return true;
}

/* Reads on behind what is unread. The count, 0 at the segment's present end, or negative errno. */
static ssize_t fill(struct native_reader *r)
{
	ssize_t n;

	if (r->segment_fd < 0)
		return 0;
	memmove(r->buffer, r->buffer + r->start, r->end - r->start);
	r->end -= r->start;
	r->start = 0;
	n = read_full(r->segment_fd, r->buffer + r->end, READ_BYTES + ENTRY_MOST - r->end);
	if (n > 0)
		r->end += (size_t)n;
	return n;
}

/* "TIME stdout F text" of len bytes. */
static int parse_entry(char *line, size_t len, struct log_entry *ret, struct error *err)
{
	char *stream = line + CLOCK_RFC3339_SIZE;

	if (len < LOG_PREFIX_LENGTH)
		return fail(err, ERR_INTERNAL, "log: an entry of %zu bytes", len);
	stream[-1] = '\0';
	if (clock_parse_rfc3339(line, &ret->time_ns) < 0)
		return fail(err, ERR_INTERNAL, "log: `%s` is no time", line);
	ret->stream = memcmp(stream, "stderr ", 7) == 0 ? LOG_STDERR : LOG_STDOUT;
	ret->is_partial = stream[7] == 'P';
	ret->text = line + LOG_PREFIX_LENGTH;
	ret->len = len - LOG_PREFIX_LENGTH;
	return 0;
}

/* 1 and an entry, 0 when no whole one is in the buffer. */
static int take_entry(struct native_reader *r, struct log_entry *ret, struct error *err)
{
	char *at = r->buffer + r->start;
	char *newline = memchr(at, '\n', r->end - r->start);

	if (!newline)
		return 0;
	r->start += (size_t)(newline - at) + 1;
	return parse_entry(at, (size_t)(newline - at), ret, err) < 0 ? -1 : 1;
}

static bool is_wanted(struct native_reader *r, const struct log_entry *e)
{
	const struct log_options *o = &r->options;

	if (!(o->streams & e->stream) || (o->since_ns && e->time_ns < o->since_ns) ||
	    (o->until_ns && e->time_ns > o->until_ns))
		return false;
	if (r->skip[e->stream] == 0)
		return true;
	r->skip[e->stream] -= !e->is_partial;
	return false;
}

/* What the container's end means is looked up before the last look at the log: what was written before is then seen. */
static bool has_ended(struct native_reader *r)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };

	if (container_open(r->native, r->id, &c, NULL) < 0 || file_exists_at(c.dir_fd, "exit") ||
	    container_observe(&c, &now, NULL) < 0)
		return true;
	return now.status == CONTAINER_EXITED || now.status == CONTAINER_UNKNOWN;
}

static void drain_events(int fd)
{
	char events[4096];

	while (fd >= 0 && read(fd, events, sizeof(events)) > 0)
		;
}

/* One entry out of what is on disk. LOG_NEXT_ENTRY, LOG_NEXT_END at its present end, or -1. */
static int read_entry(struct native_reader *r, struct log_entry *ret, struct error *err)
{
	for (;;) {
		int taken = take_entry(r, ret, err);
		ssize_t n;

		if (taken < 0)
			return -1;
		if (taken > 0 && is_wanted(r, ret))
			return LOG_NEXT_ENTRY;
		if (taken > 0)
			continue;
		n = fill(r);
		if (n < 0)
			return fail_errno(err, (int)n, "log");
		if (n == 0 && !open_next_segment(r))
			return LOG_NEXT_END;
	}
}

static int next(struct log_reader *base, struct log_entry *ret, struct error *err)
{
	struct native_reader *r = reader_of(base);
	int n;

	drain_events(base->fd);
	n = read_entry(r, ret, err);
	if (n != LOG_NEXT_END || !r->options.is_following || r->is_last_look)
		return n;
	r->is_last_look = has_ended(r);
	if (!r->is_last_look)
		return LOG_NEXT_WAIT;
	return read_entry(r, ret, err);
}

static const struct log_reader_ops reader_ops = { .next = next, .close = close_reader };

/* The directories tell of writes (log) and of the record (the container's own). */
static int watch(struct native_reader *r, struct container *c)
{
	char path[PROCFS_FD_PATH_SIZE];
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return -errno;
	r->base.fd = fd;
	procfs_fd_path(r->log_dir_fd, path);
	if (inotify_add_watch(fd, path, IN_MODIFY | IN_CREATE) < 0)
		return -errno;
	procfs_fd_path(c->dir_fd, path);
	return inotify_add_watch(fd, path, IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF) < 0 ? -errno : 0;
}

/* Lines of each stream that there are now, and back to the start. */
static int count_lines(struct native_reader *r, uint64_t ret_lines[3], struct error *err)
{
	struct log_entry e;
	bool is_open[3] = { false };
	int n;

	memset(ret_lines, 0, 3 * sizeof(*ret_lines));
	while ((n = read_entry(r, &e, err)) == LOG_NEXT_ENTRY) {
		ret_lines[e.stream] += !e.is_partial;
		is_open[e.stream] = e.is_partial;
	}
	ret_lines[LOG_STDOUT] += is_open[LOG_STDOUT];
	ret_lines[LOG_STDERR] += is_open[LOG_STDERR];
	cleanup_close(&r->segment_fd);
	r->segment_fd = -1;
	r->segment = 0;
	r->start = r->end = 0;
	return n < 0 ? -1 : 0;
}

/* The last lines over both streams: which ones is found by walking again, up to the first that stays. */
static int skip_to_tail(struct native_reader *r, struct error *err)
{
	uint64_t lines[3], passed;
	struct log_entry e;
	uint64_t skip[3] = { 0 };
	struct log_options options = r->options;

	if (options.tail_lines < 0)
		return 0;
	if (count_lines(r, lines, err) < 0)
		return -1;
	passed = lines[LOG_STDOUT] + lines[LOG_STDERR];
	passed = passed > (uint64_t)options.tail_lines ? passed - (uint64_t)options.tail_lines : 0;
	while (passed > 0 && read_entry(r, &e, err) == LOG_NEXT_ENTRY) {
		skip[e.stream] += !e.is_partial;
		passed -= !e.is_partial;
	}
	cleanup_close(&r->segment_fd);
	r->segment_fd = -1;
	r->segment = 0;
	r->start = r->end = 0;
	memcpy(r->skip, skip, sizeof(skip));
	return 0;
}

static int open_reader(struct native_reader *r, struct container *c, struct error *err)
{
	int w;

	r->log_dir_fd = openat(c->dir_fd, LOG_DIRECTORY, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (r->log_dir_fd < 0)
		return fail_errno(err, errno, "log");
	r->buffer = malloc(READ_BYTES + ENTRY_MOST);
	if (!r->buffer)
		return fail_oom(err);
	w = r->options.is_following ? watch(r, c) : 0;
	return w < 0 ? fail_errno(err, w, "log: watch") : skip_to_tail(r, err);
}

int native_open_logs(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
		     struct error *err)
{
	AUTO_CONTAINER c = { .dir_fd = -1, .run_fd = -1 };
	AUTO_DONE(observation) now = { 0 };
	struct native_reader *r;

	if (container_open(native_of(rt), id, &c, err) < 0 || container_observe(&c, &now, err) < 0)
		return -1;
	r = calloc(1, sizeof(*r));
	if (!r)
		return fail_oom(err);
	*r = (struct native_reader){ .base = { .ops = &reader_ops, .fd = -1 },
				     .native = native_of(rt),
				     .options = *options,
				     .log_dir_fd = -1,
				     .segment_fd = -1 };
	memcpy(r->id, id, ID_HEX_SIZE);
	if (open_reader(r, &c, err) < 0) {
		close_reader(&r->base);
		return -1;
	}
	*ret = &r->base;
	return 0;
}
