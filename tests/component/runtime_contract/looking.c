/* looking.c - logs, info, list, inspect, volumes, features. */
#include <string.h>

#include "base/json.h"
#include "cases.h"
#include "steps.h"

static const struct log_options whole = { .streams = LOG_STDOUT | LOG_STDERR, .tail_lines = -1 };

void the_log_is_complete_when_wait_returns(void **state)
{
	AUTO_DONE(strbuf) log = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", "echo one; echo two; echo three; exit 0", id);
	wait_for(id);
	read_log(id, &whole, &log);
	assert_string_equal(strbuf_peek(&log), "1:one|1:two|1:three|");
}

void a_following_reader_ends_with_the_container(void **state)
{
	struct log_options options = { .streams = LOG_STDOUT, .is_following = true, .tail_lines = -1 };
	AUTO_DONE(strbuf) log = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", "echo one; sleep 0.02; echo two", id);
	read_log(id, &options, &log);
	assert_string_equal(strbuf_peek(&log), "1:one|1:two|");
}

void streams_and_tails_choose_lines(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	AUTO_DONE(strbuf) err = { 0 };
	AUTO_DONE(strbuf) tail = { 0 };
	AUTO_DONE(strbuf) none = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", "echo a; echo wrong >&2; echo b; echo c", id);
	wait_for(id);
	read_log(id, &(struct log_options){ .streams = LOG_STDOUT, .tail_lines = -1 }, &out);
	read_log(id, &(struct log_options){ .streams = LOG_STDERR, .tail_lines = -1 }, &err);
	read_log(id, &(struct log_options){ .streams = LOG_STDOUT, .tail_lines = 2 }, &tail);
	read_log(id, &(struct log_options){ .streams = LOG_STDOUT, .tail_lines = 0 }, &none);
	assert_string_equal(strbuf_peek(&out), "1:a|1:b|1:c|");
	assert_string_equal(strbuf_peek(&err), "2:wrong|");
	assert_string_equal(strbuf_peek(&tail), "1:b|1:c|");
	assert_string_equal(strbuf_peek(&none), "");
}

void the_log_goes_on_after_a_second_start(void **state)
{
	AUTO_DONE(strbuf) log = { 0 };
	char id[ID_HEX_SIZE];

	(void)state;
	run("c", "echo again", id);
	wait_for(id);
	start(id);
	wait_for(id);
	read_log(id, &whole, &log);
	assert_string_equal(strbuf_peek(&log), "1:again|1:again|");
}

void a_call_on_a_missing_container_is_not_found(void **state)
{
	static const char missing[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	struct exit_record record;
	struct container_info *info = NULL;
	struct log_reader *reader = NULL;
	char *text = NULL;
	int fd = -1;

#define MISSING(call)                                             \
	{                                                         \
		struct error err = { 0 };                         \
                                                                  \
		assert_int_equal(call, -1);                       \
		assert_int_equal(err.kind, ERR_NOT_FOUND);        \
		assert_non_null(strstr(err.msg, "0123456789ab")); \
	}
	(void)state;
	MISSING(runtime_start(rt, missing, &err));
	MISSING(runtime_stop(rt, missing, 0, 0, &err));
	MISSING(runtime_kill(rt, missing, 15, &err));
	MISSING(runtime_wait(rt, missing, &record, &err));
	MISSING(runtime_open_wait(rt, missing, &fd, &err));
	MISSING(exec_script(missing, "true", 0, NULL, &err));
	MISSING(runtime_open_logs(rt, missing, &whole, &reader, &err));
	MISSING(runtime_info(rt, missing, &info, &err));
	MISSING(runtime_inspect(rt, missing, &text, &err));
	MISSING(runtime_open_network(rt, missing, &fd, &err));
#undef MISSING
}

void list_names_all_oldest_first_with_identity_and_labels(void **state)
{
	AUTO(container_config) config = config_of("demo.web.blue.2", "exit 0");
	AUTO_DONE(container_list) list = { 0 };
	const struct container_info *info;
	char first[ID_HEX_SIZE], second[ID_HEX_SIZE];

	(void)state;
	config->deployment = strdup("demo");
	config->service = strdup("web");
	config->role = strdup("blue");
	config->replica = 2;
	strv_add(&config->labels, "team=red");
	create("zzz", "exit 0", first);
	create_config(config, second);
	assert_int_equal(runtime_list(rt, &list, NULL), 0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0]->id, first);
	assert_null(list.items[0]->deployment);
	info = list.items[1];
	assert_string_equal(info->id, second);
	assert_string_equal(info->name, "demo.web.blue.2");
	assert_string_equal(info->deployment, "demo");
	assert_string_equal(info->service, "web");
	assert_string_equal(info->role, "blue");
	assert_int_equal(info->replica, 2);
	assert_string_equal(strv_env_get(&info->labels, "team"), "red");
	assert_string_equal(strv_env_get(&info->labels, LABEL_DEPLOYMENT), "demo");
	assert_string_equal(strv_env_get(&info->labels, LABEL_SERVICE), "web");
	assert_string_equal(strv_env_get(&info->labels, LABEL_ROLE), "blue");
	assert_string_equal(strv_env_get(&info->labels, LABEL_REPLICA), "2");
	assert_non_null(strstr(info->command, "exit 0"));
}

void inspect_is_one_json_object(void **state)
{
	autofree char *text = NULL;
	AUTO_JSON document = NULL;
	const char *id_shown = NULL;
	struct json_object *inner = NULL;
	char id[ID_HEX_SIZE];

	(void)state;
	create("c", "exit 0", id);
	assert_int_equal(runtime_inspect(rt, id, &text, NULL), 0);
	document = json_parse(text, strlen(text), "inspect", NULL);
	assert_non_null(document);
	assert_int_equal(json_get_text(document, "Id", "", &id_shown, NULL), 0);
	assert_string_equal(id_shown, id);
	assert_int_equal(json_get_object(document, "State", "", &inner, NULL), 0);
	assert_non_null(inner);
}

void the_network_of_a_running_container_can_be_opened(void **state)
{
	char id[ID_HEX_SIZE];
	autoclose int fd = -2;

	(void)state;
	run("c", LASTING, id);
	assert_int_equal(runtime_open_network(rt, id, &fd, NULL), 0);
	assert_true(fd >= -1);
}

static const struct secret_source none = { NULL };

void another_runtime_on_the_same_node_sees_and_removes_them(void **state)
{
	AUTO_DONE(container_list) list = { 0 };
	char pending[ID_HEX_SIZE], running[ID_HEX_SIZE], ended[ID_HEX_SIZE];

	(void)state;
	if (!backend->open_again) {
		print_message("%s: its containers live in one runtime alone\n", backend->name);
		return;
	}
	create("pending", "exit 0", pending);
	run("running", LASTING, running);
	run("ended", "exit 4", ended);
	wait_for(ended);
	runtime_free(rt);
	rt = backend->open_again(&none, NULL);
	assert_non_null(rt);
	assert_int_equal(runtime_list(rt, &list, NULL), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(status_of(pending), CONTAINER_PENDING);
	assert_int_equal(status_of(running), CONTAINER_RUNNING);
	assert_int_equal(wait_for(ended).code, 4);
	for (size_t i = 0; i < list.count; i++)
		assert_int_equal(runtime_remove(rt, list.items[i]->id, REMOVE_FORCE | REMOVE_VOLUMES, NULL), 0);
	assert_int_equal(count_containers(), 0);
}

void volumes_in_use_are_kept(void **state)
{
	AUTO(container_config) config = config_of("c", "exit 0");
	char id[ID_HEX_SIZE];
	struct error err = { 0 };

	(void)state;
	config->deployment = strdup("demo");
	assert_int_equal(container_config_add_mount(config, MOUNT_VOLUME, "demo_data", "/data", NULL, &err), 0);
	create_config(config, id);
	assert_int_equal(runtime_remove_volumes(rt, "demo", &err), 0);
	start(id); /* the volume is still there */
	assert_int_equal(wait_for(id).code, 0);
	assert_int_equal(runtime_remove(rt, id, 0, &err), 0);
	assert_int_equal(runtime_remove_volumes(rt, "demo", &err), 0);
	assert_int_equal(runtime_remove_volumes(rt, "demo", &err), 0);
}

void a_feature_that_is_not_there_is_unsupported_and_does_nothing(void **state)
{
	struct runtime_ops poor = *rt->ops;
	struct runtime poor_runtime = { &poor, NULL };
	struct exec_config config = { .stdin_fd = -1, .stdout_fd = -1, .stderr_fd = -1 };
	struct log_reader *reader = NULL;
	char id[ID_HEX_SIZE];
	int code = -1;

#define UNSUPPORTED(call)                                    \
	{                                                    \
		struct error err = { 0 };                    \
                                                             \
		assert_int_equal(call, -1);                  \
		assert_int_equal(err.kind, ERR_UNSUPPORTED); \
	}
	(void)state;
	run("c", LASTING, id);
	poor.features = 0;
	poor.write_bundle = NULL;
	UNSUPPORTED(runtime_exec(&poor_runtime, id, &config, &code, &err));
	UNSUPPORTED(runtime_open_logs(&poor_runtime, id, &whole, &reader, &err));
	UNSUPPORTED(runtime_remove_volumes(&poor_runtime, "demo", &err));
	UNSUPPORTED(runtime_write_bundle(&poor_runtime, NULL, -1, NULL, &err));
#undef UNSUPPORTED
}
