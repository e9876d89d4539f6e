/* log_merge.h - the logs of one or several containers, printed in the order of time: what a container wrote to its
 * stdout goes to ours, stderr to stderr, byte by byte; with labels, each line begins with one.
 */
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include <zlayer/container.h>

struct log_source;

struct log_merge {
	struct log_source *sources;
	size_t count, capacity;
	size_t label_width; /* of the widest label so far */
	bool has_timestamps;
	bool has_color;
};
void log_merge_done(struct log_merge *merge);
DEFINE_AUTO_DONE(log_merge)

/* log becomes the merge's, even when this fails. label NULL: lines are printed as they are. */
int log_merge_add(struct log_merge *merge, struct zl_log *log, const char *label, struct zl_error *err);

/* Prints all there is now, and flushes. The number of sources that go on, or -1. */
int log_merge_print(struct log_merge *merge, struct zl_error *err);

/* Fills at most `room` entries with what to wait for; returns their number. */
size_t log_merge_poll(const struct log_merge *merge, struct pollfd *ret, size_t room);

/* Prints until every source has ended. */
int log_merge_print_all(struct log_merge *merge, struct zl_error *err);

/* Colour where the terminal can show it and the user did not refuse it (NO_COLOR). */
bool wants_color(int fd);
