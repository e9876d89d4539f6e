/* work.c - work that blocks, each on a thread of its own: libuv's pool has four, shared by the whole process, and one
 * stop with its grace would hold one of them for seconds.
 */
#include <stdlib.h>

#include "loop/loop.h"
#include "loop/loop_private.h"
#include "loop/virtual_clock.h"

#define STACK_BYTES (1UL << 20)

static void push(struct work_queue *queue, struct work *work)
{
	work->next = NULL;
	*queue->end = work;
	queue->end = &work->next;
}

static struct work *pop(struct work_queue *queue)
{
	struct work *work = queue->first;

	if (!work)
		return NULL;
	queue->first = work->next;
	if (!queue->first)
		queue->end = &queue->first;
	return work;
}

/* ---- on the work's thread ---- */

/* Runs it and puts it where the loop finds it; the next queued one, or NULL: the thread ends. */
static struct work *run_one(struct work *work)
{
	struct loop *loop = work->loop;
	struct work *next;

	work->run(work->data);
	pthread_mutex_lock(&loop->lock);
	push(&loop->ended, work);
	next = pop(&loop->queued);
	if (!next && --loop->n_threads == 0)
		pthread_cond_broadcast(&loop->thread_ended);
	uv_async_send(&loop->work_ended); /* under the lock: loop_work_done closes it only when no thread is left */
	pthread_mutex_unlock(&loop->lock);
	return next;
}

static void run_all(void *data)
{
	for (struct work *work = data; work;)
		work = run_one(work);
}

static void *thread_main(void *data)
{
	run_all(data);
	return NULL;
}

/* ---- on the loop's ---- */

static int start_thread(struct work *work)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int r;

	if (work->loop->clock)
		return virtual_clock_start(work->loop->clock, run_all, work);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	r = pthread_create(&thread, &attributes, thread_main, work);
	pthread_attr_destroy(&attributes);
	return -r;
}

/* libuv does not look at fds while no handle is referenced, so a virtual loop, which counts by itself, keeps this
 * one. */
static void count_work(struct loop *loop, int change)
{
	loop->n_work += (unsigned)change;
	if (loop->n_work > 0 || loop->clock)
		uv_ref((uv_handle_t *)&loop->work_ended);
	else
		uv_unref((uv_handle_t *)&loop->work_ended);
}

int loop_start_work(struct loop *loop, void (*run)(void *data), void (*done)(void *data), void *data)
{
	struct work *work = malloc(sizeof(*work));
	int r = 0;

	if (!work)
		return -ENOMEM;
	*work = (struct work){ NULL, loop, run, done, data };
	pthread_mutex_lock(&loop->lock);
	if (loop->n_threads >= LOOP_WORK_LIMIT)
		push(&loop->queued, work);
	else if ((r = start_thread(work)) == 0)
		loop->n_threads++;
	pthread_mutex_unlock(&loop->lock);
	if (r < 0)
		free(work);
	else
		count_work(loop, 1);
	return r;
}

static struct work *pop_ended(struct loop *loop)
{
	struct work *work;

	pthread_mutex_lock(&loop->lock);
	work = pop(&loop->ended);
	pthread_mutex_unlock(&loop->lock);
	return work;
}

bool loop_finish_work(struct loop *loop)
{
	bool has_any = false;
	struct work *work;

	while (!loop->is_stopped && (work = pop_ended(loop))) {
		struct work ended = *work;

		free(work);
		count_work(loop, -1);
		loop->callbacks++;
		has_any = true;
		ended.done(ended.data);
	}
	return has_any;
}

static void work_has_ended(uv_async_t *handle)
{
	loop_finish_work(handle->data);
}

int loop_work_init(struct loop *loop)
{
	int r = uv_async_init(&loop->uv, &loop->work_ended, work_has_ended);

	if (r < 0)
		return r;
	loop->work_ended.data = loop;
	count_work(loop, 0);
	pthread_mutex_init(&loop->lock, NULL);
	pthread_cond_init(&loop->thread_ended, NULL);
	loop->ended.end = &loop->ended.first;
	loop->queued.end = &loop->queued.first;
	return 0;
}

static void wait_for_threads(struct loop *loop)
{
	struct work *work;

	pthread_mutex_lock(&loop->lock);
	while ((work = pop(&loop->queued)))
		free(work);
	while (loop->n_threads > 0) {
		if (loop->clock) {
			pthread_mutex_unlock(&loop->lock);
			virtual_clock_sleep(loop->clock, VIRTUAL_NEVER);
			pthread_mutex_lock(&loop->lock);
		} else {
			pthread_cond_wait(&loop->thread_ended, &loop->lock);
		}
	}
	while ((work = pop(&loop->ended)))
		free(work);
	pthread_mutex_unlock(&loop->lock);
}

void loop_work_done(struct loop *loop)
{
	wait_for_threads(loop);
	uv_close((uv_handle_t *)&loop->work_ended, NULL);
	pthread_cond_destroy(&loop->thread_ended);
	pthread_mutex_destroy(&loop->lock);
}
