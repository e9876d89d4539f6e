/* test_loop.c - timers, fds, work and wake-ups, in real and in virtual time. */
#include "support/cmocka_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include "base/clock.h"
#include "base/strbuf.h"
#include "loop/loop.h"
#include "loop/virtual_clock.h"

#define MS NSEC_PER_MSEC

struct fixture {
	struct virtual_clock *clock; /* NULL: real time */
	struct loop *loop;
	struct strbuf story; /* what was called, one letter each */
};

static struct fixture *the;

static void tell(const char *word)
{
	strbuf_add_text(&the->story, word);
}

static int set_up(void **state, bool is_virtual)
{
	the = calloc(1, sizeof(*the));
	if (is_virtual)
		the->clock = virtual_clock_new(0);
	*state = the;
	return loop_new(the->clock, &the->loop);
}

static int set_up_real(void **state)
{
	return set_up(state, false);
}

static int set_up_virtual(void **state)
{
	return set_up(state, true);
}

static int tear_down(void **state)
{
	(void)state;
	loop_free(the->loop);
	virtual_clock_free(the->clock);
	strbuf_done(&the->story);
	free(the);
	return 0;
}

/* ---- timers ---- */

static void tell_a(struct loop_timer *timer)
{
	(void)timer;
	tell("a");
}

static void tell_b(struct loop_timer *timer)
{
	(void)timer;
	tell("b");
}

static void tell_c(struct loop_timer *timer)
{
	(void)timer;
	tell("c");
}

static void timers_fire_in_the_order_of_their_times_then_of_arming(void **state)
{
	struct loop_timer a = { 0 }, b = { 0 }, c = { 0 };
	uint64_t now = loop_now_ns(the->loop);

	(void)state;
	loop_arm_timer(the->loop, &c, now + 2 * MS, tell_c);
	loop_arm_timer(the->loop, &a, now + 1 * MS, tell_a);
	loop_arm_timer(the->loop, &b, now + 1 * MS, tell_b);
	assert_int_equal(loop_run(the->loop), 0);
	assert_string_equal(strbuf_peek(&the->story), "abc");
	assert_true(loop_now_ns(the->loop) >= now + 2 * MS);
}

static void a_cancelled_timer_never_fires_and_an_armed_one_moves(void **state)
{
	struct loop_timer a = { 0 }, b = { 0 }, c = { 0 };
	uint64_t now = loop_now_ns(the->loop);

	(void)state;
	loop_arm_timer(the->loop, &a, now + 1 * MS, tell_a);
	loop_arm_timer(the->loop, &b, now + 2 * MS, tell_b);
	loop_arm_timer(the->loop, &c, now + 1 * MS, tell_c);
	loop_arm_timer(the->loop, &c, now + 3 * MS, tell_c);
	loop_cancel_timer(&a);
	loop_cancel_timer(&a);
	assert_int_equal(loop_run(the->loop), 0);
	assert_string_equal(strbuf_peek(&the->story), "bc");
}

static struct loop_timer later;

static void cancel_later(struct loop_timer *timer)
{
	(void)timer;
	tell("x");
	loop_cancel_timer(&later);
}

static void a_timer_may_cancel_the_one_that_is_due_with_it(void **state)
{
	struct loop_timer first = { 0 };

	(void)state;
	later = (struct loop_timer){ 0 };
	loop_arm_timer(the->loop, &first, 0, cancel_later);
	loop_arm_timer(the->loop, &later, 0, tell_b);
	assert_int_equal(loop_run(the->loop), 0);
	assert_string_equal(strbuf_peek(&the->story), "x");
}

static void an_hour_of_virtual_time_takes_none(void **state)
{
	struct loop_timer a = { 0 };

	(void)state;
	loop_arm_timer(the->loop, &a, 3600 * NSEC_PER_SEC, tell_a);
	assert_int_equal(loop_run(the->loop), 0);
	assert_int_equal(loop_now_ns(the->loop), 3600 * NSEC_PER_SEC);
}

/* ---- fds ---- */

struct reader {
	struct loop_poll *poll;
	int fd;
};

static void read_once(void *data)
{
	struct reader *r = data;
	eventfd_t value;

	assert_int_equal(eventfd_read(r->fd, &value), 0);
	tell("r");
	loop_poll_free(r->poll);
	r->poll = NULL;
}

static void a_readable_fd_calls_back_until_its_poll_is_freed(void **state)
{
	struct reader r = { .fd = eventfd(1, EFD_CLOEXEC) };

	(void)state;
	assert_int_equal(loop_poll_new(the->loop, r.fd, read_once, &r, &r.poll), 0);
	assert_int_equal(loop_run(the->loop), 0);
	assert_string_equal(strbuf_peek(&the->story), "r");
	close(r.fd);
}

static void a_hung_up_pipe_counts_as_readable(void **state)
{
	int fds[2];
	struct loop_poll *poll = NULL;

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	close(fds[1]);
	assert_int_equal(loop_poll_new(the->loop, fds[0], (void (*)(void *))loop_stop, the->loop, &poll), 0);
	assert_int_equal(loop_run(the->loop), 0);
	loop_poll_free(poll);
	close(fds[0]);
}

static void a_regular_file_cannot_be_polled(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct loop_poll *poll = NULL;

	(void)state;
	assert_int_equal(loop_poll_new(the->loop, fd, read_once, NULL, &poll), -EPERM);
	assert_null(poll);
	close(fd);
}

static void a_poll_that_nothing_can_wake_is_a_deadlock_in_virtual_time(void **state)
{
	struct reader r = { .fd = eventfd(0, EFD_CLOEXEC) };

	(void)state;
	assert_int_equal(loop_poll_new(the->loop, r.fd, read_once, &r, &r.poll), 0);
	assert_int_equal(loop_run(the->loop), -EDEADLK);
	loop_poll_free(r.poll);
	close(r.fd);
}

/* ---- work ---- */

struct job {
	pthread_t thread;
	unsigned ran, done;
};

static void job_run(void *data)
{
	struct job *job = data;

	job->thread = pthread_self();
	job->ran++;
}

static void job_done(void *data)
{
	((struct job *)data)->done++;
}

static void work_runs_elsewhere_and_is_done_here(void **state)
{
	struct job job = { 0 };

	(void)state;
	assert_int_equal(loop_start_work(the->loop, job_run, job_done, &job), 0);
	assert_int_equal(job.done, 0);
	assert_int_equal(loop_run(the->loop), 0);
	assert_int_equal(job.ran, 1);
	assert_int_equal(job.done, 1);
	assert_false(pthread_equal(job.thread, pthread_self()));
}

static void work_past_the_limit_waits_and_none_is_lost(void **state)
{
	struct job jobs[LOOP_WORK_LIMIT * 3] = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		assert_int_equal(loop_start_work(the->loop, job_run, job_done, &jobs[i]), 0);
	assert_int_equal(loop_run(the->loop), 0);
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		assert_int_equal(jobs[i].ran + jobs[i].done, 2);
}

static void freeing_a_loop_waits_for_its_work_and_calls_no_done(void **state)
{
	struct job jobs[LOOP_WORK_LIMIT + 5] = { 0 };
	unsigned ran = 0, done = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		assert_int_equal(loop_start_work(the->loop, job_run, job_done, &jobs[i]), 0);
	loop_free(the->loop);
	the->loop = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		ran += jobs[i].ran;
		done += jobs[i].done;
	}
	assert_true(ran >= LOOP_WORK_LIMIT);
	assert_int_equal(done, 0);
}

static void stop_in_done(void *data)
{
	((struct job *)data)->done++;
	loop_stop(the->loop);
}

static void a_stopped_loop_goes_on_where_it_was(void **state)
{
	struct job jobs[2] = { 0 };

	(void)state;
	loop_start_work(the->loop, job_run, stop_in_done, &jobs[0]);
	loop_start_work(the->loop, job_run, stop_in_done, &jobs[1]);
	assert_int_equal(loop_run(the->loop), 0);
	assert_int_equal(jobs[0].done + jobs[1].done, 1);
	assert_int_equal(loop_run(the->loop), 0);
	assert_int_equal(jobs[0].done + jobs[1].done, 2);
}

static void sleep_two_hours(void *data)
{
	virtual_clock_sleep(the->clock, 7200 * NSEC_PER_SEC);
	tell(data);
}

static void tell_done(void *data)
{
	(void)data;
	tell(".");
}

static void work_that_sleeps_lets_timers_pass_it(void **state)
{
	struct loop_timer early = { 0 }, late = { 0 };

	(void)state;
	loop_arm_timer(the->loop, &early, 3600 * NSEC_PER_SEC, tell_a);
	loop_arm_timer(the->loop, &late, 10800 * NSEC_PER_SEC, tell_b);
	assert_int_equal(loop_start_work(the->loop, sleep_two_hours, tell_done, (void *)"w"), 0);
	assert_int_equal(loop_run(the->loop), 0);
	assert_string_equal(strbuf_peek(&the->story), "aw.b");
}

/* ---- one fd for a loop around ours ---- */

static void one_fd_tells_of_timers_fds_and_work(void **state)
{
	struct pollfd pollfd = { .fd = loop_fd(the->loop), .events = POLLIN };
	struct loop_timer timer = { 0 };
	struct reader r = { .fd = eventfd(0, EFD_CLOEXEC) };
	struct job job = { 0 };

	(void)state;
	loop_arm_timer(the->loop, &timer, loop_now_ns(the->loop) + MS, tell_a);
	assert_int_equal(loop_poll_new(the->loop, r.fd, read_once, &r, &r.poll), 0);
	assert_true(loop_dispatch(the->loop));
	eventfd_write(r.fd, 1);
	loop_start_work(the->loop, job_run, job_done, &job);
	do
		assert_int_equal(poll(&pollfd, 1, 10000), 1);
	while (loop_dispatch(the->loop));
	assert_int_equal(job.done, 1);
	assert_int_equal(the->story.len, 2);
	close(r.fd);
}

/* ---- wake-ups ---- */

static struct loop_wake *signalled;

static void on_signal(int signo)
{
	(void)signo;
	loop_wake_send(signalled);
}

static void tell_and_stop(void *data)
{
	(void)data;
	tell("!");
	loop_stop(the->loop);
}

static void a_signal_handler_wakes_the_loop(void **state)
{
	struct reader keeps_it_running = { .fd = eventfd(0, EFD_CLOEXEC) };
	struct sigaction action = { .sa_handler = on_signal }, before;

	(void)state;
	assert_int_equal(loop_poll_new(the->loop, keeps_it_running.fd, read_once, NULL, &keeps_it_running.poll), 0);
	assert_int_equal(loop_wake_new(the->loop, tell_and_stop, NULL, &signalled), 0);
	sigaction(SIGUSR1, &action, &before);
	raise(SIGUSR1);
	assert_int_equal(loop_run(the->loop), 0);
	sigaction(SIGUSR1, &before, NULL);
	assert_string_equal(strbuf_peek(&the->story), "!");
	loop_wake_free(signalled);
	loop_poll_free(keeps_it_running.poll);
	close(keeps_it_running.fd);
}

static void a_wake_alone_does_not_keep_the_loop_running(void **state)
{
	struct loop_wake *wake = NULL;

	(void)state;
	assert_int_equal(loop_wake_new(the->loop, tell_and_stop, NULL, &wake), 0);
	assert_int_equal(loop_run(the->loop), 0);
	loop_wake_free(wake);
}

#define BOTH(test)                                                     \
	cmocka_unit_test_setup_teardown(test, set_up_real, tear_down), \
		cmocka_unit_test_setup_teardown(test, set_up_virtual, tear_down)
#define VIRTUAL(test) cmocka_unit_test_setup_teardown(test, set_up_virtual, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(timers_fire_in_the_order_of_their_times_then_of_arming),
		BOTH(a_cancelled_timer_never_fires_and_an_armed_one_moves),
		BOTH(a_timer_may_cancel_the_one_that_is_due_with_it),
		VIRTUAL(an_hour_of_virtual_time_takes_none),
		BOTH(a_readable_fd_calls_back_until_its_poll_is_freed),
		BOTH(a_hung_up_pipe_counts_as_readable),
		BOTH(a_regular_file_cannot_be_polled),
		VIRTUAL(a_poll_that_nothing_can_wake_is_a_deadlock_in_virtual_time),
		BOTH(work_runs_elsewhere_and_is_done_here),
		BOTH(work_past_the_limit_waits_and_none_is_lost),
		BOTH(freeing_a_loop_waits_for_its_work_and_calls_no_done),
		BOTH(a_stopped_loop_goes_on_where_it_was),
		VIRTUAL(work_that_sleeps_lets_timers_pass_it),
		cmocka_unit_test_setup_teardown(one_fd_tells_of_timers_fds_and_work, set_up_real, tear_down),
		BOTH(a_signal_handler_wakes_the_loop),
		BOTH(a_wake_alone_does_not_keep_the_loop_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
