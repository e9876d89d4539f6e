/* pump.h - carries the container's stdout and stderr from their FIFOs into the log, so that a kill -9 at any
 * instruction neither loses nor doubles a byte.
 *
 * What a successor must know stands in a mapped file of the runtime directory, which survives the process:
 *   commit  up to where the log is good: segment, offset, and whether each stream is inside a line. Two slots and a
 *           sequence number; the slot in force is the one `current` names, switched by one store.
 *   chunk   the piece that is being moved: sequence number, stream, time, length, and the bytes themselves.
 * A chunk is announced before it is taken out of the FIFO. Whether it was taken is seen from its first byte: that
 * one is peeked (tee), stored as it is, and the buffer is made to differ in it before the read.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

#define PUMP_CHUNK (64 * 1024)

struct pump_commit {
	uint64_t sequence; /* of the last chunk that the log holds */
	uint64_t offset;   /* in the segment */
	uint32_t segment;
	bool is_inside_line[2]; /* stdout, stderr: the last entry was partial */
};

struct pump_state {
	uint32_t magic, version;
	uint64_t segment_bytes;
	uint32_t most_segments;
	uint32_t current; /* slot in force */
	struct pump_commit commits[2];
	uint64_t chunk_sequence; /* announced; equal to the commit's when none is under way */
	uint64_t chunk_time_ns;
	uint32_t chunk_stream, chunk_length;
	unsigned char chunk_first;
	unsigned char data[PUMP_CHUNK];
};

struct pump {
	struct pump_state *state;
	int state_fd;
	bool is_reserved; /* the disk has room for all of the state */
	int fifos[2];     /* stdout, stderr; -1 once closed */
	int log_dir_fd;
	int segment_fd;
	int peek[2]; /* a pipe of one byte */
};

/* Makes the FIFOs `stdout` and `stderr`, the state file and the first segment. */
int pump_open_new(struct pump *p, int container_dir_fd, int runtime_dir_fd, uint64_t segment_bytes,
		  uint32_t most_segments);

/* Goes on where a former pump stood. */
int pump_open_again(struct pump *p, int container_dir_fd, int runtime_dir_fd);
void pump_close(struct pump *p);

/* Moves one chunk of stream 0 or 1. 1: there may be more; 0: nothing was there; negative errno: the log could not be
 * written: the chunk is kept, call pump_resume later. */
int pump_step(struct pump *p, int stream);

/* Finishes a chunk that was under way. 0 or negative errno. */
int pump_resume(struct pump *p);

/* Moves all that is in both FIFOs now. */
int pump_drain(struct pump *p);
