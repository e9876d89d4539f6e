/* loop.c - libuv's loop, wrapped thin; with a virtual clock, a scheduler of its own around it. */
#include "loop/loop.h"

#include <stdlib.h>

#include "base/clock.h"
#include "loop/loop_private.h"
#include "loop/virtual_clock.h"

struct loop_poll {
	uv_poll_t uv;
	struct loop *loop;
	void (*is_readable)(void *data);
	void *data;
};

struct loop_wake {
	uv_async_t uv;
	struct loop *loop;
	void (*woken)(void *data);
	void *data;
};

uint64_t loop_now_ns(const struct loop *loop)
{
	return loop->clock ? virtual_clock_now_ns(loop->clock) : clock_monotonic_ns();
}

int loop_new(struct virtual_clock *clock, struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->clock = clock;
	r = uv_loop_init(&loop->uv);
	if (r < 0) {
		free(loop);
		return r;
	}
	uv_timer_init(&loop->uv, &loop->alarm);
	loop->alarm.data = loop;
	r = loop_work_init(loop);
	if (r < 0) {
		uv_close((uv_handle_t *)&loop->alarm, NULL);
		uv_run(&loop->uv, UV_RUN_DEFAULT);
		uv_loop_close(&loop->uv);
		free(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	loop_work_done(loop);
	while (loop->timers)
		loop_cancel_timer(loop->timers);
	uv_close((uv_handle_t *)&loop->alarm, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	free(loop);
}

/* ---- timers ---- */

/* One at a time, so that fds and ended work have their turn between two. */
static bool fire_timer(struct loop *loop)
{
	struct loop_timer *timer = loop->timers;

	if (!timer || timer->due_ns > loop_now_ns(loop))
		return false;
	loop_cancel_timer(timer);
	timer->fire(timer);
	return true;
}

static void set_alarm(struct loop *loop);

static void alarm_rings(uv_timer_t *alarm)
{
	struct loop *loop = alarm->data;

	fire_timer(loop);
	set_alarm(loop);
}

/* libuv counts milliseconds; rounding up keeps a timer from firing too early and spinning. */
static void set_alarm(struct loop *loop)
{
	uint64_t now_ns = loop_now_ns(loop), wait_ns;

	if (loop->clock)
		return;
	if (!loop->timers) {
		uv_timer_stop(&loop->alarm);
		return;
	}
	wait_ns = loop->timers->due_ns > now_ns ? loop->timers->due_ns - now_ns : 0;
	uv_update_time(&loop->uv);
	uv_timer_start(&loop->alarm, alarm_rings, wait_ns / NSEC_PER_MSEC + (wait_ns % NSEC_PER_MSEC != 0), 0);
}

void loop_arm_timer(struct loop *loop, struct loop_timer *timer, uint64_t due_ns,
		    void (*fire)(struct loop_timer *timer))
{
	struct loop_timer **link = &loop->timers;

	loop_cancel_timer(timer);
	while (*link && (*link)->due_ns <= due_ns)
		link = &(*link)->next;
	*timer = (struct loop_timer){ due_ns, loop, *link, fire };
	*link = timer;
	set_alarm(loop);
}

void loop_cancel_timer(struct loop_timer *timer)
{
	struct loop *loop = timer->loop;
	struct loop_timer **link;

	if (!loop)
		return;
	for (link = &loop->timers; *link != timer; link = &(*link)->next)
		;
	*link = timer->next;
	timer->loop = NULL;
	set_alarm(loop);
}

/* ---- fds ---- */

static void poll_reports(uv_poll_t *handle, int status, int events)
{
	struct loop_poll *poll = handle->data;

	(void)status; /* an error is readable too: the reader meets it */
	(void)events;
	poll->loop->callbacks++;
	poll->is_readable(poll->data);
}

static void free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

int loop_poll_new(struct loop *loop, int fd, void (*is_readable)(void *data), void *data, struct loop_poll **ret)
{
	struct loop_poll *poll = calloc(1, sizeof(*poll));
	int r;

	if (!poll)
		return -ENOMEM;
	r = uv_poll_init(&loop->uv, &poll->uv, fd);
	if (r < 0) {
		free(poll);
		return r;
	}
	poll->uv.data = poll;
	poll->loop = loop;
	poll->is_readable = is_readable;
	poll->data = data;
	loop->n_polls++;
	r = uv_poll_start(&poll->uv, UV_READABLE | UV_DISCONNECT, poll_reports);
	if (r < 0) {
		loop_poll_free(poll);
		return r;
	}
	*ret = poll;
	return 0;
}

void loop_poll_free(struct loop_poll *poll)
{
	if (!poll)
		return;
	poll->loop->n_polls--;
	uv_close((uv_handle_t *)&poll->uv, free_handle);
}

/* ---- wake-ups ---- */

static void wake_arrives(uv_async_t *handle)
{
	struct loop_wake *wake = handle->data;

	wake->loop->callbacks++;
	wake->woken(wake->data);
}

int loop_wake_new(struct loop *loop, void (*woken)(void *data), void *data, struct loop_wake **ret)
{
	struct loop_wake *wake = calloc(1, sizeof(*wake));
	int r;

	if (!wake)
		return -ENOMEM;
	r = uv_async_init(&loop->uv, &wake->uv, wake_arrives);
	if (r < 0) {
		free(wake);
		return r;
	}
	wake->uv.data = wake;
	wake->loop = loop;
	wake->woken = woken;
	wake->data = data;
	uv_unref((uv_handle_t *)&wake->uv);
	*ret = wake;
	return 0;
}

void loop_wake_send(struct loop_wake *wake)
{
	uv_async_send(&wake->uv);
}

void loop_wake_free(struct loop_wake *wake)
{
	if (wake)
		uv_close((uv_handle_t *)&wake->uv, free_handle);
}

/* ---- running ---- */

void loop_stop(struct loop *loop)
{
	loop->is_stopped = true;
	uv_stop(&loop->uv);
}

static bool has_anything_left(const struct loop *loop)
{
	return loop->timers || loop->n_polls > 0 || loop->n_work > 0;
}

static bool run_fds(struct loop *loop)
{
	unsigned long before = loop->callbacks;

	uv_run(&loop->uv, UV_RUN_NOWAIT);
	return loop->callbacks != before;
}

/* Everything that can happen now happens before the time moves. */
static int run_virtual(struct loop *loop)
{
	while (!loop->is_stopped && has_anything_left(loop)) {
		uint64_t next_ns;

		if (loop_finish_work(loop) || run_fds(loop) || fire_timer(loop) || virtual_clock_run_one(loop->clock))
			continue;
		next_ns = virtual_clock_next_ns(loop->clock);
		if (loop->timers && loop->timers->due_ns < next_ns)
			next_ns = loop->timers->due_ns;
		if (next_ns == VIRTUAL_NEVER)
			return -EDEADLK;
		virtual_clock_advance(loop->clock, next_ns);
	}
	return 0;
}

int loop_run(struct loop *loop)
{
	loop->is_stopped = false;
	if (loop->clock)
		return run_virtual(loop);
	loop_finish_work(loop); /* what ended after a loop_stop */
	if (!loop->is_stopped)
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	return 0;
}
