/* loop.h - the only place that waits: timers, readable fds, work on other threads, wake-ups from anywhere.
 *
 * Threads    A loop belongs to one thread, on which all its calls are made and all its callbacks run; loop_wake_send
 *            alone is for any thread and for signal handlers. `run` of a work is called on a thread of its own.
 * Callbacks  Called from loop_run alone, never from the call that armed them. They may call everything but loop_run and
 *            loop_free.
 * Time       Monotonic nanoseconds. With a virtual clock time passes only while nothing else can happen, and every
 *            run of the same program is the same run.
 * Not here   signals and child processes: those belong to the program around us.
 * Errors     negative errno.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct loop;
struct virtual_clock;

/* clock is borrowed for the life of the loop; NULL: real time. 0, *ret is yours. */
int loop_new(struct virtual_clock *clock, struct loop **ret);

/* Waits for the work that still runs (its done is not called) and forgets all else. No poll or wake of it may be
 * left. */
void loop_free(struct loop *loop);
DEFINE_AUTO(loop)

/* Returns 0 when nothing is left to wait for (no timer, poll or work), or after loop_stop. -EDEADLK: with a virtual
 * clock, when polls are left that nothing can wake any more. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* For a program with a loop of its own, in real time: loop_fd (borrowed) is readable when loop_dispatch has something
 * to do, which never waits; false when nothing is left to wait for. It is to be called once before the first wait. */
int loop_fd(const struct loop *loop);
bool loop_dispatch(struct loop *loop);

uint64_t loop_now_ns(const struct loop *loop);

/* ---- timers: in the caller's memory, zeroed before the first use; firing once ---- */

struct loop_timer {
	uint64_t due_ns;
	struct loop *loop; /* NULL while not armed */
	struct loop_timer *next;
	void (*fire)(struct loop_timer *timer);
};

/* Arms it, or moves it when it is armed. Equal times fire in the order of arming. */
void loop_arm_timer(struct loop *loop, struct loop_timer *timer, uint64_t due_ns,
		    void (*fire)(struct loop_timer *timer));

/* Nothing for one that is not armed. */
void loop_cancel_timer(struct loop_timer *timer);

/* ---- fds ---- */

struct loop_poll;

/* Calls back whenever fd is readable, has hung up or has an error. fd stays the caller's, becomes non-blocking, has
 * one poll at a time, and is closed only after loop_poll_free. Regular files cannot be polled: -EPERM. */
int loop_poll_new(struct loop *loop, int fd, void (*is_readable)(void *data), void *data, struct loop_poll **ret);
void loop_poll_free(struct loop_poll *poll);
DEFINE_AUTO(loop_poll)

/* ---- work that blocks ---- */

#define LOOP_WORK_LIMIT 64 /* threads at once; further work waits for its turn */

/* Calls run on another thread, then done on the loop's. Work never started (-EAGAIN, -ENOMEM) calls neither. */
int loop_start_work(struct loop *loop, void (*run)(void *data), void (*done)(void *data), void *data);

/* ---- wake-ups ---- */

struct loop_wake;

/* Many sends may become one call. A wake does not keep loop_run from returning. */
int loop_wake_new(struct loop *loop, void (*woken)(void *data), void *data, struct loop_wake **ret);
void loop_wake_send(struct loop_wake *wake);
void loop_wake_free(struct loop_wake *wake);
DEFINE_AUTO(loop_wake)
