/* test_fake.c - what the fake runtime can do beyond the contract: virtual time, failures and delays on demand, a
 * record. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "base/clock.h"
#include "runtime/fake/fake.h"

static struct virtual_clock *virtual_time;
static struct runtime *rt;

static int set_up(void **state)
{
	(void)state;
	virtual_time = virtual_clock_new(0);
	rt = fake_runtime_new(virtual_time, NULL);
	return rt ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	runtime_free(rt);
	virtual_clock_free(virtual_time);
	return 0;
}

static int create(const char *name, const char *script, char ret_id[ID_HEX_SIZE])
{
	AUTO(container_config) config = container_config_new();

	config->name = strdup(name);
	config->image = strdup("busybox");
	strv_add(&config->args, "sh");
	strv_add(&config->args, "-c");
	strv_add(&config->args, script);
	return runtime_create(rt, config, ret_id, NULL);
}

static void waiting_for_an_hours_sleep_takes_an_hour_of_virtual_time(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record record;

	(void)state;
	assert_int_equal(create("a", "sleep 3600; exit 9", id), 0);
	assert_int_equal(runtime_start(rt, id, NULL), 0);
	assert_int_equal(runtime_wait(rt, id, &record, NULL), 0);
	assert_int_equal(record.code, 9);
	assert_int_equal(virtual_clock_now_ns(virtual_time), 3600 * NSEC_PER_SEC);
}

static void a_stop_that_is_not_heeded_takes_the_grace(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record record;

	(void)state;
	assert_int_equal(create("a", "trap '' TERM; sleep infinity", id), 0);
	assert_int_equal(runtime_start(rt, id, NULL), 0);
	assert_int_equal(runtime_stop(rt, id, 0, GRACE_UNSET, NULL), 0);
	assert_int_equal(virtual_clock_now_ns(virtual_time), GRACE_DEFAULT_MS * NSEC_PER_MSEC);
	assert_int_equal(runtime_wait(rt, id, &record, NULL), 0);
	assert_int_equal(record.code, 137);
	assert_int_equal(record.asked_by, EXIT_ASKED_USER);
}

static void the_nth_call_fails_and_changes_nothing(void **state)
{
	char id[ID_HEX_SIZE];
	AUTO_DONE(container_list) list = { 0 };

	(void)state;
	fake_fail_call(rt, FAKE_CREATE, 2, ERR_CREATE_FAILED);
	assert_int_equal(create("a", "true", id), 0);
	assert_int_equal(create("b", "true", id), -1);
	assert_int_equal(create("c", "true", id), 0);
	assert_int_equal(runtime_list(rt, &list, NULL), 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0]->name, "a");
	assert_string_equal(list.items[1]->name, "c");
}

static void delayed_calls_take_their_time(void **state)
{
	char id[ID_HEX_SIZE];

	(void)state;
	fake_delay_call(rt, FAKE_CREATE, 250);
	assert_int_equal(create("a", "true", id), 0);
	assert_int_equal(virtual_clock_now_ns(virtual_time), 250 * NSEC_PER_MSEC);
}

static void every_call_is_on_record(void **state)
{
	char id[ID_HEX_SIZE];
	const struct strv *calls = fake_calls(rt);

	(void)state;
	create("a", "true", id);
	fake_fail_call(rt, FAKE_START, 1, ERR_START_FAILED);
	runtime_start(rt, id, NULL);
	runtime_start(rt, id, NULL);
	assert_int_equal(calls->count, 3);
	assert_string_equal(calls->items[0], "create a");
	assert_string_equal(calls->items[1], "start a failed");
	assert_string_equal(calls->items[2], "start a");
	fake_forget_calls(rt);
	assert_int_equal(calls->count, 0);
}

static void an_end_that_nobody_saw_is_unknown(void **state)
{
	char id[ID_HEX_SIZE];
	struct exit_record record = { 0 };
	AUTO(container_info) info = NULL;

	(void)state;
	create("a", "sleep 100", id);
	runtime_start(rt, id, NULL);
	assert_int_equal(fake_lose_exit(rt, "a"), 0);
	assert_int_equal(runtime_info(rt, id, &info, NULL), 0);
	assert_int_equal(info->status, CONTAINER_UNKNOWN);
	assert_int_equal(runtime_wait(rt, id, &record, NULL), 0);
	assert_false(record.is_known);
	assert_int_equal(record.code, -1);
}

static void ids_are_the_same_in_each_run(void **state)
{
	char id[ID_HEX_SIZE], again[ID_HEX_SIZE];

	(void)state;
	create("a", "true", id);
	tear_down(NULL);
	set_up(NULL);
	create("a", "true", again);
	assert_string_equal(id, again);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(waiting_for_an_hours_sleep_takes_an_hour_of_virtual_time),
		CASE(a_stop_that_is_not_heeded_takes_the_grace),
		CASE(the_nth_call_fails_and_changes_nothing),
		CASE(delayed_calls_take_their_time),
		CASE(every_call_is_on_record),
		CASE(an_end_that_nobody_saw_is_unknown),
		CASE(ids_are_the_same_in_each_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
