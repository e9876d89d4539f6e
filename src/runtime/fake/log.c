/* log.c - lines in memory; a reader that follows has a pipe that says when there may be more. */
#include "runtime/fake/log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct fake_log_reader {
	struct log_reader reader;
	struct fake_log *log;
	struct fake_log_reader *next;
	struct log_options options;
	size_t position;
	int wake_fd; /* the other end of reader.fd */
};

struct fake_log *fake_log_new(pthread_mutex_t *lock)
{
	struct fake_log *log = calloc(1, sizeof(*log));

	if (log)
		*log = (struct fake_log){ .lock = lock, .is_complete = true, .references = 1 };
	return log;
}

void fake_log_unref(struct fake_log *log)
{
	if (!log || --log->references > 0)
		return;
	for (size_t i = 0; i < log->count; i++) {
		free(log->lines[i]->text);
		free(log->lines[i]);
	}
	free(log->lines);
	free(log);
}

/* A full pipe says it already. */
static void wake(const struct fake_log_reader *r)
{
	if (r->wake_fd >= 0 && write(r->wake_fd, "", 1) < 0)
		errno = 0;
}

static void drain(const struct fake_log_reader *r)
{
	char bytes[256];

	while (r->reader.fd >= 0 && read(r->reader.fd, bytes, sizeof(bytes)) == sizeof(bytes))
		;
}

static void wake_readers(struct fake_log *log)
{
	for (const struct fake_log_reader *r = log->readers; r; r = r->next)
		wake(r);
}

void fake_log_add(struct fake_log *log, uint64_t time_ns, enum log_stream stream, const char *text)
{
	struct fake_log_line *line = malloc(sizeof(*line));
	char *copy = strdup(text);

	if (!line || !copy || array_reserve((void **)&log->lines, &log->capacity, log->count + 1, sizeof(line)) < 0) {
		free(line);
		free(copy);
		return;
	}
	*line = (struct fake_log_line){ time_ns, stream, copy };
	log->lines[log->count++] = line;
	wake_readers(log);
}

void fake_log_set_complete(struct fake_log *log, bool is_complete)
{
	log->is_complete = is_complete;
	if (is_complete)
		wake_readers(log);
}

static bool is_wanted(const struct fake_log_reader *r, const struct fake_log_line *line)
{
	return (r->options.streams & line->stream) && line->time_ns >= r->options.since_ns &&
	       (!r->options.until_ns || line->time_ns <= r->options.until_ns);
}

static int next_locked(struct fake_log_reader *r, struct log_entry *ret)
{
	const struct fake_log *log = r->log;

	while (r->position < log->count) {
		const struct fake_log_line *line = log->lines[r->position++];

		if (!is_wanted(r, line))
			continue;
		*ret = (struct log_entry){ line->time_ns, line->stream, line->text, strlen(line->text), false };
		return LOG_NEXT_ENTRY;
	}
	return r->options.is_following && !log->is_complete ? LOG_NEXT_WAIT : LOG_NEXT_END;
}

static int next(struct log_reader *reader, struct log_entry *ret, struct error *err)
{
	struct fake_log_reader *r = (struct fake_log_reader *)reader;
	int status;

	(void)err;
	pthread_mutex_lock(r->log->lock);
	drain(r);
	status = next_locked(r, ret);
	if (status == LOG_NEXT_ENTRY)
		wake(r); /* there may be more, or the end */
	pthread_mutex_unlock(r->log->lock);
	return status;
}

static void free_reader(struct fake_log_reader *r)
{
	if (r->reader.fd >= 0)
		close(r->reader.fd);
	if (r->wake_fd >= 0)
		close(r->wake_fd);
	free(r);
}

static void close_reader(struct log_reader *reader)
{
	struct fake_log_reader *r = (struct fake_log_reader *)reader, **link = &r->log->readers;
	pthread_mutex_t *lock = r->log->lock;

	pthread_mutex_lock(lock);
	while (*link != r)
		link = &(*link)->next;
	*link = r->next;
	fake_log_unref(r->log);
	pthread_mutex_unlock(lock);
	free_reader(r);
}

static const struct log_reader_ops reader_ops = { .next = next, .close = close_reader };

static size_t tail_position(const struct fake_log_reader *r)
{
	size_t position = r->log->count;
	int64_t left = r->options.tail_lines;

	if (left < 0)
		return 0;
	while (position > 0 && left > 0)
		left -= is_wanted(r, r->log->lines[--position]);
	return position;
}

int fake_log_open(struct fake_log *log, const struct log_options *options, struct log_reader **ret, struct error *err)
{
	struct fake_log_reader *r = calloc(1, sizeof(*r));
	int ends[2] = { -1, -1 };

	if (!r || (options->is_following && pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)) {
		free(r);
		return fail_errno(err, errno, "pipe");
	}
	*r = (struct fake_log_reader){ { &reader_ops, ends[0] }, log, log->readers, *options, 0, ends[1] };
	wake(r);
	r->position = tail_position(r);
	log->readers = r;
	log->references++;
	*ret = &r->reader;
	return 0;
}
