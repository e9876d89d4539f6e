/* virtual_clock.c - workers as threads that pass one turn around. */
#include "loop/virtual_clock.h"

#include <pthread.h>
#include <stdlib.h>

struct worker {
	struct worker *next;
	pthread_t thread;
	struct virtual_clock *clock;
	void (*run)(void *data);
	void *data;
	uint64_t wake_ns;  /* when it wants its next turn */
	uint64_t sequence; /* settles equal times */
	bool has_ended;
};

struct virtual_clock {
	pthread_mutex_t lock;
	pthread_cond_t turn_passed;
	struct worker *turn; /* NULL: the scheduler's */
	struct worker *workers;
	uint64_t now_ns, sequence;
	uint64_t notified; /* how often; ends the scheduler's own sleep */
	bool is_closing;
};

static __thread struct worker *self;

struct virtual_clock *virtual_clock_new(uint64_t start_ns)
{
	struct virtual_clock *clock = calloc(1, sizeof(*clock));

	if (!clock)
		return NULL;
	pthread_mutex_init(&clock->lock, NULL);
	pthread_cond_init(&clock->turn_passed, NULL);
	clock->now_ns = start_ns;
	return clock;
}

/* Waits until the turn is `whose` again. */
static void wait_for_turn(struct virtual_clock *clock, struct worker *whose)
{
	while (clock->turn != whose)
		pthread_cond_wait(&clock->turn_passed, &clock->lock);
}

static void pass_turn(struct virtual_clock *clock, struct worker *to)
{
	clock->turn = to;
	pthread_cond_broadcast(&clock->turn_passed);
}

static void *worker_main(void *data)
{
	struct worker *worker = data;
	struct virtual_clock *clock = worker->clock;

	self = worker;
	pthread_mutex_lock(&clock->lock);
	wait_for_turn(clock, worker);
	pthread_mutex_unlock(&clock->lock);

	worker->run(worker->data);

	pthread_mutex_lock(&clock->lock);
	worker->has_ended = true;
	pass_turn(clock, NULL);
	pthread_mutex_unlock(&clock->lock);
	return NULL;
}

int virtual_clock_start(struct virtual_clock *clock, void (*run)(void *data), void *data)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int r;

	if (!worker)
		return -ENOMEM;
	*worker = (struct worker){ .clock = clock, .run = run, .data = data, .wake_ns = clock->now_ns };
	r = pthread_create(&worker->thread, NULL, worker_main, worker);
	if (r != 0) {
		free(worker);
		return -r;
	}
	worker->sequence = clock->sequence++;
	worker->next = clock->workers;
	clock->workers = worker;
	return 0;
}

uint64_t virtual_clock_now_ns(const struct virtual_clock *clock)
{
	return clock->now_ns;
}

bool virtual_clock_is_closing(const struct virtual_clock *clock)
{
	return clock->is_closing;
}

void virtual_clock_notify(struct virtual_clock *clock)
{
	clock->notified++;
	for (struct worker *w = clock->workers; w; w = w->next)
		if (w->wake_ns > clock->now_ns)
			w->wake_ns = clock->now_ns;
}

static struct worker *earliest(const struct virtual_clock *clock)
{
	struct worker *first = NULL;

	for (struct worker *w = clock->workers; w; w = w->next)
		if (!first || w->wake_ns < first->wake_ns ||
		    (w->wake_ns == first->wake_ns && w->sequence < first->sequence))
			first = w;
	return first;
}

static void reap(struct virtual_clock *clock, struct worker *worker)
{
	struct worker **link = &clock->workers;

	while (*link != worker)
		link = &(*link)->next;
	*link = worker->next;
	pthread_join(worker->thread, NULL);
	free(worker);
}

static void give_turn(struct virtual_clock *clock, struct worker *worker)
{
	pthread_mutex_lock(&clock->lock);
	worker->wake_ns = VIRTUAL_NEVER;
	pass_turn(clock, worker);
	wait_for_turn(clock, NULL);
	pthread_mutex_unlock(&clock->lock);
	if (worker->has_ended)
		reap(clock, worker);
}

bool virtual_clock_run_one(struct virtual_clock *clock)
{
	struct worker *worker = earliest(clock);

	if (!worker || worker->wake_ns > clock->now_ns)
		return false;
	give_turn(clock, worker);
	return true;
}

uint64_t virtual_clock_next_ns(const struct virtual_clock *clock)
{
	const struct worker *worker = earliest(clock);

	return worker ? worker->wake_ns : VIRTUAL_NEVER;
}

void virtual_clock_advance(struct virtual_clock *clock, uint64_t to_ns)
{
	if (to_ns > clock->now_ns)
		clock->now_ns = to_ns;
}

static void sleep_as_worker(struct virtual_clock *clock, uint64_t until_ns)
{
	pthread_mutex_lock(&clock->lock);
	self->wake_ns = clock->is_closing ? clock->now_ns : until_ns;
	self->sequence = clock->sequence++;
	pass_turn(clock, NULL);
	wait_for_turn(clock, self);
	pthread_mutex_unlock(&clock->lock);
}

static void sleep_as_scheduler(struct virtual_clock *clock, uint64_t until_ns)
{
	uint64_t notified = clock->notified;

	while (clock->notified == notified && clock->now_ns < until_ns) {
		uint64_t next_ns;

		if (virtual_clock_run_one(clock))
			continue;
		next_ns = virtual_clock_next_ns(clock);
		if (next_ns > until_ns)
			next_ns = until_ns;
		if (next_ns == VIRTUAL_NEVER)
			return;
		virtual_clock_advance(clock, next_ns);
	}
}

void virtual_clock_sleep(struct virtual_clock *clock, uint64_t until_ns)
{
	if (self && self->clock == clock)
		sleep_as_worker(clock, until_ns);
	else
		sleep_as_scheduler(clock, until_ns);
}

void virtual_clock_free(struct virtual_clock *clock)
{
	if (!clock)
		return;
	clock->is_closing = true;
	while (clock->workers)
		give_turn(clock, earliest(clock));
	pthread_cond_destroy(&clock->turn_passed);
	pthread_mutex_destroy(&clock->lock);
	free(clock);
}
