/* loop_private.h - what loop.c and work.c share. */
#pragma once
#include <pthread.h>
#include <stdbool.h>
#include <uv.h>

struct loop_timer;
struct virtual_clock;

struct work {
	struct work *next;
	struct loop *loop;
	void (*run)(void *data);
	void (*done)(void *data);
	void *data;
};

struct work_queue {
	struct work *first, **end;
};

struct loop {
	uv_loop_t uv;
	struct virtual_clock *clock; /* NULL: real time */
	bool is_stopped;

	struct loop_timer *timers; /* earliest first */
	int alarm_fd;              /* set for the earliest, in real time */
	uv_poll_t alarm;

	unsigned n_polls;
	unsigned long callbacks; /* made so far; tells the virtual loop whether a turn did something */

	uv_async_t work_ended;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t thread_ended;
	struct work_queue ended;  /* done is to be called */
	struct work_queue queued; /* beyond LOOP_WORK_LIMIT */
	unsigned n_threads, n_work;
};

int loop_work_init(struct loop *loop);
void loop_work_done(struct loop *loop);

/* Calls done of what has ended; true when there was any. */
bool loop_finish_work(struct loop *loop);
