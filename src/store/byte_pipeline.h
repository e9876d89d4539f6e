/* byte_pipeline.h - a stream that is read ahead by a thread of its own: what is before it and what is behind it run
 * at the same time.
 */
#pragma once
#include "store/byte_stream.h"

/* Takes over source, also on failure. From here to byte_stream_free, source is the thread's; what it reports (an error,
 * its end) is seen in order, and what it wrote before its end is seen by whoever saw the end. Freed before that, it
 * writes a byte to stop_fd (-1: nowhere) and waits for the thread: source had better end when that is readable. */
struct byte_stream *byte_pipeline_new(struct byte_stream *source, int stop_fd, struct error *err);
