/* loop.c - libuv's loop, wrapped thin; with a virtual clock, a scheduler of its own around it. */
#include "loop/loop.h"

#include <stdlib.h>

#include "base/clock.h"
#include "loop/alarm.h"
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

static void alarm_rings(uv_poll_t *handle, int status, int events);

/* The handles that every loop has; on failure the caller closes what uv.loop then holds. */
static int open_handles(struct loop *loop)
{
	int r = uv_poll_init(&loop->uv, &loop->alarm, loop->alarm_fd);

	if (r < 0)
		return r;
	loop->alarm.data = loop;
	r = uv_poll_start(&loop->alarm, UV_READABLE, alarm_rings);
	uv_unref((uv_handle_t *)&loop->alarm);
	if (r == 0)
		r = loop_work_init(loop);
	if (r < 0)
		uv_close((uv_handle_t *)&loop->alarm, NULL);
	return r;
}

static void close_loop(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_NOWAIT);  /* forgets a stop that came after the last turn */
	uv_run(&loop->uv, UV_RUN_DEFAULT); /* the close callbacks */
	uv_loop_close(&loop->uv);
	close(loop->alarm_fd);
	free(loop);
}

int loop_new(struct virtual_clock *clock, struct loop **ret)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->clock = clock;
	loop->alarm_fd = r = alarm_open();
	if (r >= 0)
		r = uv_loop_init(&loop->uv);
	if (r < 0) {
		if (loop->alarm_fd >= 0)
			close(loop->alarm_fd);
		free(loop);
		return r;
	}
	r = open_handles(loop);
	if (r < 0) {
		close_loop(loop);
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
	close_loop(loop);
}

/* ---- timers ---- */

/* One at a time, so that fds and ended work have their turn between two. */
static bool fire_timer(struct loop *loop)
{
	struct loop_timer *timer = loop->timers;

	if (!timer || timer->due_ns > loop_now_ns(loop))
		return false;
	loop_cancel_timer(timer);
	loop->callbacks++;
	timer->fire(timer);
	return true;
}

static void set_alarm(struct loop *loop)
{
	if (loop->clock)
		return;
	if (loop->timers) {
		alarm_set(loop->alarm_fd, loop->timers->due_ns ? loop->timers->due_ns : 1);
		uv_ref((uv_handle_t *)&loop->alarm);
	} else {
		alarm_set(loop->alarm_fd, ALARM_NEVER);
		uv_unref((uv_handle_t *)&loop->alarm);
	}
}

static void alarm_rings(uv_poll_t *handle, int status, int events)
{
	struct loop *loop = handle->data;

	(void)status;
	(void)events;
	alarm_clear(loop->alarm_fd);
	fire_timer(loop);
	set_alarm(loop);
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

int loop_fd(const struct loop *loop)
{
	return uv_backend_fd(&loop->uv);
}

/* libuv tells the kernel of new fds when it is about to wait: so until a round that called nothing. */
bool loop_dispatch(struct loop *loop)
{
	loop->is_stopped = false;
	while ((loop_finish_work(loop) || run_fds(loop)) && !loop->is_stopped)
		;
	return has_anything_left(loop);
}
