/* log_segment.h - how a container's log stands on disk: numbered segments "00000001.log" in the directory `log`,
 * never renamed, the highest being written. Lines as CRI has them:
 *
 *   2016-10-06T00:17:09.669794202Z stdout F the line
 *
 * P instead of F: the line goes on in the next entry of that stream (it was long, or came in pieces).
 */
#pragma once
#include <stdint.h>

#include "base/clock.h"

#define LOG_DIRECTORY "log"
#define LOG_SEGMENT_NAME_SIZE 16
#define LOG_SEGMENT_BYTES (10UL << 20)
#define LOG_MOST_SEGMENTS 10

/* Number 1 and up. */
void log_segment_name(uint32_t number, char ret[LOG_SEGMENT_NAME_SIZE]);

/* The number of a segment's name, or 0. */
uint32_t log_segment_number(const char *name);

/* "TIME stdout F ": what stands before the text. */
#define LOG_PREFIX_LENGTH (CLOCK_RFC3339_SIZE - 1 + 1 + 6 + 1 + 1 + 1)
#define LOG_PREFIX_SIZE (LOG_PREFIX_LENGTH + 1)
void log_prefix_format(uint64_t time_ns, int is_stderr, int is_partial, char ret[LOG_PREFIX_SIZE]);
