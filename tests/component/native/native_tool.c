/* native_tool.c - the calls of the native backend as a command line, for its tests: one line of JSON on stdout.
 * Options of the runtime come from the environment.
 *
 * native_tool COMMAND [ID] [KEY=VALUE...] [-- ARGUMENT...]
 */
#include <signal.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "runtime/runtime.h"

struct call {
	struct runtime *rt;
	const char *id;
	char **options; /* KEY=VALUE, up to NULL or "--" */
	char **argv;    /* behind "--"; ends with NULL */
	struct json_writer w;
};

static const char *option(const struct call *call, const char *key)
{
	size_t len = strlen(key);

	for (char **at = call->options; *at && strcmp(*at, "--") != 0; at++)
		if (strncmp(*at, key, len) == 0 && (*at)[len] == '=')
			return *at + len + 1;
	return NULL;
}

static uint64_t number(const struct call *call, const char *key, uint64_t otherwise)
{
	const char *text = option(call, key);

	if (text)
		parse_u64(text, &otherwise);
	return otherwise;
}

static void put_record(struct json_writer *w, const char *key, const struct exit_record *record)
{
	json_open_object(w, key);
	json_put_bool(w, "known", record->is_known);
	json_put_i64(w, "code", record->code);
	json_put_i64(w, "signal", record->signal);
	json_put_bool(w, "oom", record->oom_killed);
	json_put_u64(w, "started", record->started_ns);
	json_put_u64(w, "finished", record->finished_ns);
	json_close_object(w);
}

static void put_info(struct json_writer *w, const struct container_info *info)
{
	json_open_object(w, NULL);
	json_put_text(w, "id", info->id);
	json_put_text(w, "name", info->name);
	json_put_text(w, "status", container_status_name(info->status));
	json_put_i64(w, "pid", info->pid);
	put_record(w, "exit", &info->exit);
	json_close_object(w);
}

/* volume=NAME:TARGET, bind=SOURCE:TARGET, anonymous=:TARGET */
static int add_mount(struct container_config *config, const char *text, struct error *err)
{
	enum mount_type type = text_starts_with(text, "volume=") ? MOUNT_VOLUME
			       : text_starts_with(text, "bind=") ? MOUNT_BIND
								 : MOUNT_ANONYMOUS;
	const char *source = strchr(text, '=') + 1, *colon = strchr(source, ':');
	autofree char *name = strndup(source, (size_t)(colon - source));
	struct container_mount *mount;

	return container_config_add_mount(config, type, *name ? name : NULL, colon + 1, &mount, err);
}

static int fill_config(struct call *call, struct container_config *config, struct error *err)
{
	char **texts[] = { &config->name, &config->user, &config->workdir, &config->stop_signal };
	const char *const keys[] = { "name", "user", "workdir", "stop_signal" };

	config->image = strdup(call->id);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (option(call, keys[i]))
			*texts[i] = strdup(option(call, keys[i]));
	config->memory_bytes = number(call, "memory", 0);
	config->pids_limit = (int64_t)number(call, "pids", 0);
	config->has_auto_remove = number(call, "rm", 0);
	config->is_privileged = number(call, "privileged", 0);
	if (option(call, "cap_add"))
		strv_add(&config->cap_add, option(call, "cap_add"));
	for (char **at = call->options; *at && strcmp(*at, "--") != 0; at++)
		if ((text_starts_with(*at, "volume=") || text_starts_with(*at, "bind=") ||
		     text_starts_with(*at, "anonymous=")) &&
		    add_mount(config, *at, err) < 0)
			return -1;
	for (char **arg = call->argv; *arg; arg++)
		strv_add(&config->args, *arg);
	return container_config_check(config, err);
}

static int run_create(struct call *call, struct error *err)
{
	AUTO(container_config) config = container_config_new();
	char id[ID_HEX_SIZE];

	if (fill_config(call, config, err) < 0 || runtime_create(call->rt, config, id, err) < 0)
		return -1;
	json_put_text(&call->w, NULL, id);
	return 0;
}

static int run_start(struct call *call, struct error *err)
{
	if (runtime_start(call->rt, call->id, err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

static int run_stop(struct call *call, struct error *err)
{
	if (runtime_stop(call->rt, call->id, (int)number(call, "signal", 0), number(call, "grace", 10000), err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

static int run_kill(struct call *call, struct error *err)
{
	if (runtime_kill(call->rt, call->id, (int)number(call, "signal", SIGKILL), err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

static int run_wait(struct call *call, struct error *err)
{
	struct exit_record record;

	if (runtime_wait(call->rt, call->id, &record, err) < 0)
		return -1;
	put_record(&call->w, NULL, &record);
	return 0;
}

static int run_remove(struct call *call, struct error *err)
{
	unsigned flags =
		(number(call, "force", 0) ? REMOVE_FORCE : 0) | (number(call, "volumes", 0) ? REMOVE_VOLUMES : 0);

	if (runtime_remove(call->rt, call->id, flags, err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

/* The program's output goes where this one's stderr goes; stdout is for the answer. */
static int run_exec(struct call *call, struct error *err)
{
	struct exec_config config = { .user = option(call, "user"),
				      .workdir = option(call, "workdir"),
				      .stdin_fd = STDIN_FILENO,
				      .stdout_fd = STDERR_FILENO,
				      .stderr_fd = STDERR_FILENO };
	int code, r;

	for (char **arg = call->argv; *arg; arg++)
		strv_add(&config.argv, *arg);
	if (option(call, "env"))
		strv_add(&config.env, option(call, "env"));
	r = runtime_exec(call->rt, call->id, &config, &code, err);
	strv_done(&config.argv);
	strv_done(&config.env);
	if (r == 0)
		json_put_i64(&call->w, NULL, code);
	return r;
}

static int run_list(struct call *call, struct error *err)
{
	AUTO_DONE(container_list) list = { 0 };

	if (runtime_list(call->rt, &list, err) < 0)
		return -1;
	json_open_array(&call->w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_info(&call->w, list.items[i]);
	json_close_array(&call->w);
	return 0;
}

static int run_info(struct call *call, struct error *err)
{
	AUTO(container_info) info = NULL;

	if (runtime_info(call->rt, call->id, &info, err) < 0)
		return -1;
	put_info(&call->w, info);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct call *call, struct error *err);
} commands[] = {
	{ "create", run_create }, { "start", run_start }, { "stop", run_stop },
	{ "kill", run_kill },     { "wait", run_wait },   { "remove", run_remove },
	{ "exec", run_exec },     { "list", run_list },   { "info", run_info },
};

static int run(int argc, char **argv, struct strbuf *out, struct error *err)
{
	static char *nothing[] = { NULL };
	AUTO(runtime) rt = runtime_open(&(struct runtime_options){ .backend = "native" }, err);
	struct call call = { rt, argc > 2 ? argv[2] : "", argc > 3 ? argv + 3 : nothing, nothing, { .out = out } };

	if (!rt)
		return -1;
	for (int i = 3; i < argc && call.argv == nothing; i++)
		if (strcmp(argv[i], "--") == 0)
			call.argv = argv + i + 1;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(&call, err);
	return fail(err, ERR_INTERNAL, "what?");
}

int main(int argc, char **argv)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct error err = { 0 };
	int r = argc < 2 ? fail(&err, ERR_INTERNAL, "what?") : run(argc, argv, &out, &err);

	if (r < 0) {
		struct json_writer w = { .out = &out };

		strbuf_reset(&out);
		json_open_object(&w, NULL);
		json_put_text(&w, "error", error_kind_name(err.kind));
		json_put_text(&w, "message", err.msg);
		json_close_object(&w);
	}
	puts(strbuf_peek(&out));
	return r < 0;
}
