/* log.c - a container's output, entry by entry. */
#include <zlayer/container.h>

#include "lib/client.h"

struct zl_log {
	struct log_reader *reader;
};

_Static_assert((int)ZL_LOG_STDOUT == (int)LOG_STDOUT && (int)ZL_LOG_STDERR == (int)LOG_STDERR, "the public streams");
_Static_assert((int)ZL_LOG_ENTRY == (int)LOG_NEXT_ENTRY && (int)ZL_LOG_WAIT == (int)LOG_NEXT_WAIT &&
		       (int)ZL_LOG_END == (int)LOG_NEXT_END,
	       "the public answers of next");

static struct log_options convert(const struct zl_log_options *options)
{
	return (struct log_options){
		.streams = options->streams ? options->streams : LOG_STDOUT | LOG_STDERR,
		.is_following = options->is_following,
		.since_ns = options->since_ns,
		.until_ns = options->until_ns,
		.tail_lines = !options->has_tail                ? -1
			      : options->tail_lines > INT64_MAX ? INT64_MAX
								: (int64_t)options->tail_lines,
	};
}

static int open_reader(struct zl_client *client, const char *container, const struct zl_log_options *options,
		       struct log_reader **ret, struct error *err)
{
	struct zl_log_options given;
	struct log_options wanted;
	char id[ID_HEX_SIZE];

	if (border_read_options(&given, sizeof(given), options, err) < 0 || client_find(client, container, id, err) < 0)
		return -1;
	wanted = convert(&given);
	return runtime_open_logs(client->runtime, id, &wanted, ret, err);
}

struct zl_log *zl_log_open(struct zl_client *client, const char *container, const struct zl_log_options *options,
			   struct zl_error *err)
{
	struct zl_log *log = calloc(1, sizeof(*log));
	struct error e;

	if (!log)
		fail_oom(&e);
	else if (open_reader(client, container, options, &log->reader, &e) == 0)
		return log;
	border_fail(err, &e);
	free(log);
	return NULL;
}

void zl_log_free(struct zl_log *log)
{
	if (!log)
		return;
	log_reader_free(log->reader);
	free(log);
}

int zl_log_next(struct zl_log *log, struct zl_log_entry *ret, struct zl_error *err)
{
	struct log_entry entry;
	struct error e;
	int r = log_reader_next(log->reader, &entry, &e);

	if (r < 0)
		return border_fail(err, &e);
	if (r == LOG_NEXT_ENTRY)
		*ret = (struct zl_log_entry){
			.time_ns = entry.time_ns,
			.stream = (enum zl_log_stream)entry.stream,
			.text = entry.text,
			.length = entry.len,
			.is_partial = entry.is_partial,
		};
	return r;
}

int zl_log_fd(const struct zl_log *log)
{
	return log->reader->fd;
}
