/* test_find.c - which container a user means. */
#include "support/cmocka_setup.h"

#include <string.h>

#include "runtime/fake/fake.h"

static struct runtime *rt;

static void create(const char *name, const char *service, char ret_id[ID_HEX_SIZE])
{
	AUTO(container_config) config = container_config_new();
	struct error err = { 0 };

	config->name = strdup(name);
	config->image = strdup("busybox");
	config->service = service ? strdup(service) : NULL;
	if (runtime_create(rt, config, ret_id, &err) < 0)
		print_error("%s\n", err.msg);
	assert_int_equal(err.kind, ERR_NONE);
}

static int set_up(void **state)
{
	(void)state;
	rt = fake_runtime_new(NULL, NULL);
	return rt ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	runtime_free(rt);
	return 0;
}

static void find(const char *text, const char *wanted_id)
{
	struct error err = { 0 };
	char id[ID_HEX_SIZE] = "";

	assert_int_equal(runtime_find(rt, text, id, &err), 0);
	assert_string_equal(id, wanted_id);
}

static void ids_prefixes_names_and_services_all_name_a_container(void **state)
{
	char web[ID_HEX_SIZE], db[ID_HEX_SIZE], prefix[ID_HEX_SIZE];

	(void)state;
	create("demo.web.1", "web", web);
	create("demo.db.1", "db", db);
	find(web, web);
	for (size_t len = 2; len <= ID_HEX_LENGTH; len += 31) {
		snprintf(prefix, sizeof(prefix), "%.*s", (int)len, db);
		find(prefix, db);
	}
	find("demo.web.1", web);
	find("db", db);
}

static void a_short_id_is_an_id_before_it_is_a_name(void **state)
{
	char first[ID_HEX_SIZE], second[ID_HEX_SIZE], short_id[13], shorter[12];

	(void)state;
	create("first", NULL, first);
	snprintf(short_id, sizeof(short_id), "%.12s", first);
	snprintf(shorter, sizeof(shorter), "%.11s", first);
	create(short_id, NULL, second);
	find(short_id, first);
	create(shorter, NULL, second);
	find(shorter, second);
}

static void several_of_a_service_are_listed(void **state)
{
	char id[ID_HEX_SIZE], found[ID_HEX_SIZE] = "";
	struct error err = { 0 };

	(void)state;
	create("demo.web.1", "web", id);
	create("demo.web.2", "web", id);
	assert_int_equal(runtime_find(rt, "web", found, &err), -1);
	assert_int_equal(err.kind, ERR_CONFLICT);
	assert_non_null(strstr(err.msg, "demo.web.1 ("));
	assert_non_null(strstr(err.msg, "demo.web.2 ("));
	assert_string_equal(found, "");
}

static void what_does_not_exist_is_not_found(void **state)
{
	static const char *const texts[] = { "nothing", "", "0000000000000000", "../../etc" };
	char id[ID_HEX_SIZE], found[ID_HEX_SIZE] = "";

	(void)state;
	create("demo.web.1", "web", id);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct error err = { 0 };

		assert_int_equal(runtime_find(rt, texts[i], found, &err), -1);
		assert_int_equal(err.kind, ERR_NOT_FOUND);
	}
}

static void errors_say_what_was_being_done_to_which_container(void **state)
{
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	create("demo.web.1", "web", id);
	fake_fail_call(rt, FAKE_START, 1, ERR_START_FAILED);
	assert_int_equal(runtime_start(rt, id, &err), -1);
	assert_int_equal(err.kind, ERR_START_FAILED);
	assert_string_equal(err.msg, "start demo.web.1: made to fail");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(ids_prefixes_names_and_services_all_name_a_container),
		CASE(a_short_id_is_an_id_before_it_is_a_name),
		CASE(several_of_a_service_are_listed),
		CASE(what_does_not_exist_is_not_found),
		CASE(errors_say_what_was_being_done_to_which_container),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
