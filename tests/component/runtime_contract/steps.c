/* steps.c - what the cases of the contract are made of. */
#include "steps.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "base/file.h"

struct runtime *rt;
const struct contract_backend *backend;
const char *secret_token;
unsigned secret_asked;

static void assert_good(int r, const struct error *err)
{
	if (r < 0)
		print_error("%s\n", err->msg);
	assert_true(r >= 0);
}

struct container_config *config_of(const char *name, const char *script)
{
	struct container_config *config = container_config_new();

	config->name = strdup(name);
	config->image = strdup("busybox");
	if (!script)
		return config;
	strv_add(&config->args, "sh");
	strv_add(&config->args, "-c");
	strv_add(&config->args, script);
	return config;
}

void create_config(const struct container_config *config, char ret_id[ID_HEX_SIZE])
{
	struct error err = { 0 };

	assert_good(runtime_create(rt, config, ret_id, &err), &err);
}

void create(const char *name, const char *script, char ret_id[ID_HEX_SIZE])
{
	AUTO(container_config) config = config_of(name, script);

	create_config(config, ret_id);
}

void start(const char *id)
{
	struct error err = { 0 };

	assert_good(runtime_start(rt, id, &err), &err);
}

void run(const char *name, const char *script, char ret_id[ID_HEX_SIZE])
{
	create(name, script, ret_id);
	start(ret_id);
}

struct exit_record wait_for(const char *id)
{
	struct exit_record record = { 0 };
	struct error err = { 0 };

	assert_good(runtime_wait(rt, id, &record, &err), &err);
	return record;
}

struct container_info *info_of(const char *id)
{
	struct container_info *info = NULL;
	struct error err = { 0 };

	assert_good(runtime_info(rt, id, &info, &err), &err);
	return info;
}

enum container_status status_of(const char *id)
{
	AUTO(container_info) info = info_of(id);

	return info->status;
}

size_t count_containers(void)
{
	AUTO_DONE(container_list) list = { 0 };
	struct error err = { 0 };

	assert_good(runtime_list(rt, &list, &err), &err);
	return list.count;
}

bool is_readable(int fd, int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, timeout_ms) == 1;
}

/* Entries of one line are joined: a backend may cut them anywhere. */
void read_log(const char *id, const struct log_options *options, struct strbuf *ret)
{
	AUTO(log_reader) reader = NULL;
	bool is_inside_line = false;
	struct error err = { 0 };
	int r;

	assert_good(runtime_open_logs(rt, id, options, &reader, &err), &err);
	strbuf_add_text(ret, "");
	for (;;) {
		struct log_entry entry;

		r = log_reader_next(reader, &entry, &err);
		assert_good(r, &err);
		if (r == LOG_NEXT_END)
			break;
		if (r == LOG_NEXT_WAIT) {
			assert_true(is_readable(reader->fd, 30000));
			continue;
		}
		if (!is_inside_line)
			strbuf_addf(ret, "%d:", (int)entry.stream);
		strbuf_add(ret, entry.text, entry.len);
		is_inside_line = entry.is_partial;
		if (!is_inside_line)
			strbuf_add_char(ret, '|');
	}
}

static int exec_argv(const char *id, struct strv *argv, uint64_t timeout_ms, struct strbuf *output, struct error *err)
{
	autoclose int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct exec_config config = { .argv = *argv, .stdin_fd = null, .stderr_fd = null, .timeout_ms = timeout_ms };
	autofree char *text = NULL;
	int ends[2], code = -1, r;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	config.stdout_fd = ends[1];
	r = runtime_exec(rt, id, &config, &code, err);
	close(ends[1]);
	assert_int_equal(fd_read_all(ends[0], 65536, &text, NULL), 0);
	close(ends[0]);
	if (output)
		strbuf_add_text(output, text);
	return r < 0 ? -1 : code;
}

int exec_script(const char *id, const char *script, uint64_t timeout_ms, struct strbuf *ret_output, struct error *err)
{
	AUTO_DONE(strv) argv = { 0 };

	strv_add(&argv, "sh");
	strv_add(&argv, "-c");
	strv_add(&argv, script);
	return exec_argv(id, &argv, timeout_ms, ret_output, err);
}

int exec_program(const char *id, const char *program, struct error *err)
{
	AUTO_DONE(strv) argv = { 0 };

	strv_add(&argv, program);
	return exec_argv(id, &argv, 0, NULL, err);
}
