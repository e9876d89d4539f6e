/* test_client.c - the public API from outside, over the backend in memory. */
#include "support/cmocka_setup.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <zlayer/zlayer.h>

static struct zl_client *make_client(void)
{
	struct zl_client_options options = { .size = sizeof(options),
					     .runtime = "fake",
					     .root_dir = "/tmp/zlayer-unit",
					     .runtime_dir = "/tmp/zlayer-unit" };
	struct zl_client *client = zl_client_new(&options, NULL);

	assert_non_null(client);
	return client;
}

static void make_container(struct zl_client *client, const char *name, const char *script, char id[ZL_ID_SIZE])
{
	const char *const args[] = { "sh", "-c", script, NULL };
	struct zl_container_options options = { .size = sizeof(options), .name = name, .image = "hello", .args = args };
	struct zl_error err;

	if (zl_container_create(client, &options, id, &err) < 0 || zl_container_start(client, id, &err) < 0)
		fail_msg("%s", err.msg);
}

static void nothing_is_opened_before_it_is_needed(void **state)
{
	struct zl_client *client = make_client();

	(void)state;
	assert_null(zl_client_runtime_name(client));
	assert_int_equal(zl_client_open_runtime(client, NULL), 0);
	assert_string_equal(zl_client_runtime_name(client), "fake");
	zl_client_free(client);
	zl_client_free(NULL);
}

static void options_win_over_the_environment_and_that_over_defaults(void **state)
{
	struct zl_client_options options = { .size = sizeof(options), .runtime_dir = "/given" };
	struct zl_client *client;

	(void)state;
	setenv("ZLAYER_RUNTIME_DIR", "/environment", 1);
	setenv("ZLAYER_LIBEXEC_DIR", "/environment", 1);
	unsetenv("ZLAYER_ROOT_DIR");
	client = zl_client_new(&options, NULL);
	assert_string_equal(zl_client_runtime_dir(client), "/given");
	assert_string_equal(zl_client_libexec_dir(client), "/environment");
	assert_string_equal(zl_client_root_dir(client), "/var/lib/zlayer");
	zl_client_free(client);
}

static void a_relative_directory_is_refused(void **state)
{
	struct zl_client_options options = { .size = sizeof(options), .root_dir = "here" };
	struct zl_error err;

	(void)state;
	assert_null(zl_client_new(&options, &err));
	assert_int_equal(err.kind, ZL_ERR_CONFIGURATION);
	assert_string_equal(err.msg, "root directory here: an absolute path is wanted");
}

static void an_unknown_backend_is_a_configuration_error(void **state)
{
	struct zl_client_options options = { .size = sizeof(options), .runtime = "bogus" };
	struct zl_client *client = zl_client_new(&options, NULL);
	struct zl_error err;

	(void)state;
	assert_int_equal(zl_client_open_runtime(client, &err), -1);
	assert_int_equal(err.kind, ZL_ERR_CONFIGURATION);
	assert_non_null(strstr(err.msg, "bogus"));
	zl_client_free(client);
}

static void a_container_ends_and_tells_how(void **state)
{
	struct zl_client *client = make_client();
	struct pollfd ended = { .events = POLLIN };
	struct zl_exit exit;
	char id[ZL_ID_SIZE];

	(void)state;
	make_container(client, "ends", "sleep 0.05; exit 42", id);
	assert_int_equal(zl_container_open_wait(client, "ends", &ended.fd, NULL), 0);
	assert_int_equal(poll(&ended, 1, -1), 1);
	close(ended.fd);
	assert_int_equal(zl_container_wait(client, id, &exit, NULL), 0);
	assert_true(exit.is_known);
	assert_int_equal(exit.code, 42);
	assert_int_equal(exit.asked_by, ZL_EXIT_ASKED_NOBODY);
	assert_int_equal(zl_container_remove(client, "ends", 0, NULL), 0);
	zl_client_free(client);
}

static void a_log_gives_what_was_written(void **state)
{
	struct zl_client *client = make_client();
	struct zl_log_entry entry;
	struct zl_log *log;
	struct zl_exit exit;
	char id[ZL_ID_SIZE];

	(void)state;
	make_container(client, NULL, "echo out; echo err >&2", id);
	assert_int_equal(zl_container_wait(client, id, &exit, NULL), 0);
	log = zl_log_open(client, id, NULL, NULL);
	assert_int_equal(zl_log_next(log, &entry, NULL), ZL_LOG_ENTRY);
	assert_int_equal(entry.stream, ZL_LOG_STDOUT);
	assert_memory_equal(entry.text, "out", 3);
	assert_int_equal(zl_log_next(log, &entry, NULL), ZL_LOG_ENTRY);
	assert_int_equal(entry.stream, ZL_LOG_STDERR);
	assert_int_equal(zl_log_next(log, &entry, NULL), ZL_LOG_END);
	zl_log_free(log);
	zl_client_free(client);
}

static void a_list_is_filtered_and_a_snapshot_stays(void **state)
{
	struct zl_client *client = make_client();
	struct zl_container_filter running = { .size = sizeof(running), .is_running = true };
	struct zl_container_list *all, *some;
	struct zl_container_info *info;
	struct zl_exit exit;
	char one[ZL_ID_SIZE], two[ZL_ID_SIZE];

	(void)state;
	make_container(client, "one", "true", one);
	make_container(client, "two", "sleep infinity", two);
	assert_int_equal(zl_container_wait(client, one, &exit, NULL), 0);
	all = zl_container_list_new(client, NULL, NULL);
	some = zl_container_list_new(client, &running, NULL);
	info = zl_container_info_new(client, "two", NULL);
	assert_int_equal(zl_container_remove(client, two, ZL_REMOVE_FORCE, NULL), 0);
	assert_int_equal(zl_container_list_count(all), 2);
	assert_string_equal(zl_container_list_get(all, 0)->name, "one");
	assert_int_equal(zl_container_list_count(some), 1);
	assert_string_equal(zl_container_list_get(some, 0)->id, two);
	assert_null(zl_container_list_get(some, 1));
	assert_string_equal(info->id, two);
	assert_non_null(info->labels);
	zl_container_list_free(all);
	zl_container_list_free(some);
	zl_container_info_free(info);
	zl_client_free(client);
}

static void what_is_missing_is_not_found(void **state)
{
	struct zl_client *client = make_client();
	struct zl_error err;
	struct zl_exit exit;
	char id[ZL_ID_SIZE];

	(void)state;
	assert_int_equal(zl_container_find(client, "nobody", id, &err), -1);
	assert_int_equal(err.kind, ZL_ERR_NOT_FOUND);
	assert_int_equal(zl_container_wait(client, "nobody", &exit, &err), -1);
	assert_null(zl_log_open(client, "nobody", NULL, &err));
	assert_int_equal(err.kind, ZL_ERR_NOT_FOUND);
	zl_client_free(client);
}

static void a_familiar_name_is_what_people_type(void **state)
{
	(void)state;
	assert_string_equal(zl_image_familiar_name("docker.io/library/hello:latest"), "hello:latest");
	assert_string_equal(zl_image_familiar_name("docker.io/foo/bar:1"), "foo/bar:1");
	assert_string_equal(zl_image_familiar_name("localhost:5000/a:1"), "localhost:5000/a:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_opened_before_it_is_needed),
		cmocka_unit_test(options_win_over_the_environment_and_that_over_defaults),
		cmocka_unit_test(a_relative_directory_is_refused),
		cmocka_unit_test(an_unknown_backend_is_a_configuration_error),
		cmocka_unit_test(a_container_ends_and_tells_how),
		cmocka_unit_test(a_log_gives_what_was_written),
		cmocka_unit_test(a_list_is_filtered_and_a_snapshot_stays),
		cmocka_unit_test(what_is_missing_is_not_found),
		cmocka_unit_test(a_familiar_name_is_what_people_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
