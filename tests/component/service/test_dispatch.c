/* test_dispatch.c - the manager inside a loop that is not ours, in real time: one fd, manager_dispatch. */
#include "support/spec_text.h"

#include <poll.h>
#include <signal.h>

#include "runtime/fake/fake.h"
#include "service/manager.h"
#include "world.h"

static struct runtime *rt;
static struct spec_deployment *spec;
static struct manager *manager;
static struct strbuf story;

static int set_up(void **state)
{
	(void)state;
	rt = fake_runtime_new(NULL, NULL);
	return rt ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	manager_free(manager);
	manager = NULL;
	spec_deployment_free(spec);
	spec = NULL;
	runtime_free(rt);
	strbuf_done(&story);
	return 0;
}

static void tell(void *data, const struct manager_event *event)
{
	(void)data;
	strbuf_addf(&story, "%s %s|", manager_event_name(event->type), event->container_name);
}

static const struct manager_options *options(void)
{
	static struct manager_options o;

	o = (struct manager_options){ .runtime = rt, .on_event = tell };
	return &o;
}

/* As a program does that has other things to wait for. */
static int carry_on(struct error *err)
{
	struct pollfd pollfd = { .fd = manager_fd(manager), .events = POLLIN };
	int going_on;

	while ((going_on = manager_dispatch(manager, err)) > 0)
		assert_int_equal(poll(&pollfd, 1, 30000), 1);
	return going_on;
}

/* The manager borrows the spec to its end. */
static void begin_up(const char *text, bool is_detached)
{
	struct error err = { 0 };

	spec = spec_from_text(text);
	manager = manager_up(options(), &(struct up_options){ .spec = spec, .is_detached = is_detached }, &err);
	assert_string_equal(err.msg, "");
	assert_non_null(manager);
}

static void one_fd_tells_of_starts_checks_timers_and_ends(void **state)
{
	struct error err = { 0 };

	(void)state;
	begin_up(HEAD SERVICE("web", "exit 3", DEPENDS("db")) SERVICE("db", "sleep 0.3", HEALTH("alive 0.02")), false);
	assert_int_equal(carry_on(&err), 0);
	assert_int_equal(manager_exit_status(manager), 3);
	assert_non_null(strstr(strbuf_peek(&story), "healthy demo.db.1|created demo.web.1|started demo.web.1|"));
}

static void on_signal(int signo)
{
	(void)signo;
	manager_stop(manager);
}

static void a_signal_handler_stops_it(void **state)
{
	struct sigaction action = { .sa_handler = on_signal }, before;
	struct error err = { 0 };
	struct pollfd pollfd;

	(void)state;
	begin_up(HEAD SERVICE("web", "trap 'exit 0' TERM; sleep infinity", ""), false);
	pollfd = (struct pollfd){ .fd = manager_fd(manager), .events = POLLIN };
	while (manager_dispatch(manager, &err) > 0 && !strstr(strbuf_peek(&story), "started demo.web.1"))
		assert_int_equal(poll(&pollfd, 1, 30000), 1);
	sigaction(SIGUSR1, &action, &before);
	raise(SIGUSR1);
	sigaction(SIGUSR1, &before, NULL);
	assert_int_equal(carry_on(&err), 0);
	assert_non_null(strstr(strbuf_peek(&story), "exited demo.web.1"));
}

static size_t count_containers(void)
{
	AUTO_DONE(container_list) list = { 0 };

	assert_int_equal(runtime_list(rt, &list, NULL), 0);
	return list.count;
}

static void many_containers_come_and_go(void **state)
{
	struct down_options down = { .deployment = "demo", .grace_ms = GRACE_UNSET };
	struct error err = { 0 };

	(void)state;
	begin_up(HEAD "  web:\n    image: {name: busybox}\n    network_mode: none\n"
		      "    scale: {mode: fixed, replicas: 200}\n"
		      "    command: {args: [sh, -c, \"trap 'exit 0' TERM; sleep infinity\"]}\n",
		 true);
	assert_int_equal(carry_on(&err), 0);
	assert_int_equal(count_containers(), 200);
	manager_free(manager);
	manager = manager_down(options(), &down, &err);
	assert_non_null(manager);
	assert_int_equal(manager_run(manager, &err), 0);
	assert_int_equal(count_containers(), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(one_fd_tells_of_starts_checks_timers_and_ends),
		CASE(a_signal_handler_stops_it),
		CASE(many_containers_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
