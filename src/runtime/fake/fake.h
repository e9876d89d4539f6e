/* fake.h - a runtime in memory, for whatever is tested above it: containers run scripts (script.h) on any clock,
 * calls fail and take their time on demand, and everything that was called is on record. No process, no file, no
 * right is needed.
 *
 * Ids are the same in each run. A call that is made to fail changes nothing. Real time without a clock.
 */
#pragma once
#include "loop/virtual_clock.h"
#include "runtime/runtime.h"

/* clock is borrowed for the life of the runtime; NULL: real time. NULL on failure. */
struct runtime *fake_runtime_new(struct virtual_clock *clock, struct error *err);

enum fake_call {
	FAKE_PULL,
	FAKE_CREATE,
	FAKE_START,
	FAKE_STOP,
	FAKE_KILL,
	FAKE_WAIT,
	FAKE_REMOVE,
	FAKE_EXEC,
	FAKE_LIST,
	N_FAKE_CALLS,
};

/* The nth call of that kind from now on (1: the next) fails so. */
void fake_fail_call(struct runtime *rt, enum fake_call call, unsigned nth, enum error_kind kind);

/* Every call of that kind takes so long from now on, before it does anything. */
void fake_delay_call(struct runtime *rt, enum fake_call call, uint64_t delay_ms);

/* Pulling this image and creating from it fails with ERR_NOT_FOUND. */
void fake_lose_image(struct runtime *rt, const char *reference);

/* "create demo.web.1", "start demo.web.1": one text a call that was made, failed ones with " failed" behind.
 * Borrowed. */
const struct strv *fake_calls(const struct runtime *rt);
void fake_forget_calls(struct runtime *rt);

/* A running container gets this signal from outside, as when somebody else kills it. */
int fake_signal(struct runtime *rt, const char *name, int signo);

/* The end of a container that nobody saw: its status becomes UNKNOWN. */
int fake_lose_exit(struct runtime *rt, const char *name);
