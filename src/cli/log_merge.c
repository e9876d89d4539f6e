/* log_merge.c - the logs of containers, printed in the order of time. */
#include "cli/log_merge.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cli/command.h"

struct log_source {
	struct zl_log *log; /* NULL once it has ended */
	char *label;
	int color;
	bool has_entry;
	struct zl_log_entry entry; /* the next one to print */
	bool is_inside_line[3];    /* by stream: a partial entry was printed last */
};

void log_merge_done(struct log_merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		zl_log_free(merge->sources[i].log);
		free(merge->sources[i].label);
	}
	free(merge->sources);
	*merge = (struct log_merge){ 0 };
}

bool wants_color(int fd)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(fd) && !(refused && *refused) && !(terminal && strcmp(terminal, "dumb") == 0);
}

int log_merge_add(struct log_merge *merge, struct zl_log *log, const char *label, struct zl_error *err)
{
	static const int colors[] = { 36, 33, 32, 35, 34, 96, 93, 92, 95, 94 };
	struct log_source *source;
	autofree char *copy = label ? strdup(label) : NULL;

	if ((label && !copy) ||
	    array_reserve((void **)&merge->sources, &merge->capacity, merge->count + 1, sizeof(*merge->sources)) < 0) {
		zl_log_free(log);
		return memory_error(err);
	}
	if (label && strlen(label) > merge->label_width)
		merge->label_width = strlen(label);
	source = &merge->sources[merge->count];
	*source = (struct log_source){
		.log = log,
		.label = TAKE_PTR(copy),
		.color = colors[merge->count % ARRAY_SIZE(colors)],
	};
	merge->count++;
	return 0;
}

/* Fetches the source's next entry where none is held. */
static int refill(struct log_source *source, struct zl_error *err)
{
	int r;

	if (source->has_entry || !source->log)
		return 0;
	r = zl_log_next(source->log, &source->entry, err);
	if (r < 0)
		return -1;
	source->has_entry = r == ZL_LOG_ENTRY;
	if (r == ZL_LOG_END) {
		zl_log_free(source->log);
		source->log = NULL;
	}
	return 0;
}

static struct log_source *earliest(struct log_merge *merge)
{
	struct log_source *best = NULL;

	for (size_t i = 0; i < merge->count; i++) {
		struct log_source *source = &merge->sources[i];

		if (source->has_entry && (!best || source->entry.time_ns < best->entry.time_ns))
			best = source;
	}
	return best;
}

static void print_line_start(const struct log_merge *merge, const struct log_source *source, FILE *out)
{
	char time[CLOCK_RFC3339_SIZE];

	if (source->label && merge->has_color)
		fprintf(out, "\033[%dm%-*s |\033[0m ", source->color, (int)merge->label_width, source->label);
	else if (source->label)
		fprintf(out, "%-*s | ", (int)merge->label_width, source->label);
	if (merge->has_timestamps) {
		clock_format_rfc3339(source->entry.time_ns, time);
		fprintf(out, "%s ", time);
	}
}

/* A stream that is left is flushed, so that the two keep their order where both go to one place. */
static void print_entry(struct log_merge *merge, struct log_source *source, FILE **last)
{
	const struct zl_log_entry *entry = &source->entry;
	FILE *out = entry->stream == ZL_LOG_STDERR ? stderr : stdout;

	if (*last && *last != out)
		fflush(*last);
	*last = out;
	if (!source->is_inside_line[entry->stream])
		print_line_start(merge, source, out);
	fwrite(entry->text, 1, entry->length, out);
	if (!entry->is_partial)
		putc('\n', out);
	source->is_inside_line[entry->stream] = entry->is_partial;
	source->has_entry = false;
}

/* A labelled line that never ended is ended for it: the next label begins a line. */
static void end_open_lines(struct log_source *source)
{
	if (!source->label || source->log || source->has_entry)
		return;
	if (source->is_inside_line[ZL_LOG_STDOUT])
		putc('\n', stdout);
	if (source->is_inside_line[ZL_LOG_STDERR])
		putc('\n', stderr);
	source->is_inside_line[ZL_LOG_STDOUT] = source->is_inside_line[ZL_LOG_STDERR] = false;
}

int log_merge_print(struct log_merge *merge, struct zl_error *err)
{
	struct log_source *source;
	FILE *last = NULL;
	int going_on = 0;

	for (size_t i = 0; i < merge->count; i++)
		if (refill(&merge->sources[i], err) < 0)
			return -1;
	while ((source = earliest(merge))) {
		print_entry(merge, source, &last);
		if (refill(source, err) < 0)
			return -1;
		end_open_lines(source);
	}
	fflush(stderr);
	if (fflush(stdout) == EOF)
		return command_error(err, ZL_ERR_INTERNAL, errno, "standard output");
	for (size_t i = 0; i < merge->count; i++)
		going_on += merge->sources[i].log != NULL;
	return going_on;
}

size_t log_merge_poll(const struct log_merge *merge, struct pollfd *ret, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < merge->count && n < room; i++)
		if (merge->sources[i].log)
			ret[n++] = (struct pollfd){ .fd = zl_log_fd(merge->sources[i].log), .events = POLLIN };
	return n;
}

int log_merge_print_all(struct log_merge *merge, struct zl_error *err)
{
	int going_on;

	while ((going_on = log_merge_print(merge, err)) > 0) {
		autofree struct pollfd *fds = calloc(merge->count, sizeof(*fds));

		if (!fds)
			return memory_error(err);
		if (poll(fds, log_merge_poll(merge, fds, merge->count), -1) < 0 && errno != EINTR)
			return command_error(err, ZL_ERR_INTERNAL, errno, "poll");
	}
	return going_on;
}
