/* log.h - the log of one fake container, and its readers. The caller holds the runtime's lock. */
#pragma once
#include <pthread.h>

#include "runtime/runtime.h"

struct fake_log_line {
	uint64_t time_ns;
	enum log_stream stream;
	char *text;
};

struct fake_log_reader;

struct fake_log {
	pthread_mutex_t *lock; /* the runtime's, which readers take */
	struct fake_log_line **lines;
	size_t count, capacity;
	struct fake_log_reader *readers;
	bool is_complete;    /* the container does not run */
	unsigned references; /* the container's and each reader's */
};

struct fake_log *fake_log_new(pthread_mutex_t *lock);

/* The container lets go; freed with its last reader. */
void fake_log_unref(struct fake_log *log);

/* Memory that runs out loses the line: this is a test's tool. */
void fake_log_add(struct fake_log *log, uint64_t time_ns, enum log_stream stream, const char *text);

/* false again when the container is started once more. */
void fake_log_set_complete(struct fake_log *log, bool is_complete);

int fake_log_open(struct fake_log *log, const struct log_options *options, struct log_reader **ret, struct error *err);
