/* virtual_clock.h - time that passes only when everybody waits, for tests and simulations.
 *
 * Workers are threads, of which one at a time runs: it keeps the turn until it sleeps or ends, and gets it back in
 * the order of wake-up times, then of arrival. So code that blocks runs unchanged, and each run is the same run.
 * The thread that made the clock (a loop, or a test) is the scheduler; outside its calls no worker runs.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

#define VIRTUAL_NEVER UINT64_MAX

struct virtual_clock;

/* NULL when memory is out. start_ns is what virtual_clock_now_ns says at first. */
struct virtual_clock *virtual_clock_new(uint64_t start_ns);

/* Wakes the workers that are left, with virtual_clock_is_closing true, and waits for each to end. */
void virtual_clock_free(struct virtual_clock *clock);
DEFINE_AUTO(virtual_clock)

/* ---- any thread that has the turn ---- */

uint64_t virtual_clock_now_ns(const struct virtual_clock *clock);

/* Returns at until_ns, or sooner when somebody notifies. Called by the scheduler it runs the workers meanwhile; it
 * returns at once when nothing is left that could end the wait. */
void virtual_clock_sleep(struct virtual_clock *clock, uint64_t until_ns);

/* Something changed that a sleeper may wait for: each of them wakes and looks. */
void virtual_clock_notify(struct virtual_clock *clock);

/* A worker that finds this true returns. */
bool virtual_clock_is_closing(const struct virtual_clock *clock);

/* Makes a worker, which first runs when the scheduler gives it a turn. 0 or negative errno. */
int virtual_clock_start(struct virtual_clock *clock, void (*run)(void *data), void *data);

/* ---- the scheduler ---- */

/* Lets one worker run whose time has come; false when there is none. */
bool virtual_clock_run_one(struct virtual_clock *clock);

/* When the next sleeper wakes; VIRTUAL_NEVER when none does by itself. */
uint64_t virtual_clock_next_ns(const struct virtual_clock *clock);

/* Moves the time forward; never back. */
void virtual_clock_advance(struct virtual_clock *clock, uint64_t to_ns);
