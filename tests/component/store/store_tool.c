/* store_tool.c - the store's calls as a command line, for the component tests: one line of JSON on stdout.
 *
 * store_tool ROOT PROGRAM COMMAND [ARGUMENT...]; the limits of store_limits.h come as LIMIT_name=value in the
 * environment.
 */
#include <fcntl.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "store/store.h"

struct call {
	struct store *store;
	char **args;
	struct json_writer w;
};

static void put_image(struct json_writer *w, const struct image *image)
{
	json_open_object(w, NULL);
	json_put_text(w, "id", image->id);
	json_put_text(w, "manifest", image->manifest_digest);
	json_put_strv(w, "names", &image->names);
	json_put_u64(w, "size", image->size_bytes);
	json_put_u64(w, "created_ns", image->created_ns);
	json_put_strv(w, "layers", &image->layer_dirs);
	json_put_strv(w, "diff_ids", &image->config->diff_ids);
	json_put_strv(w, "entrypoint", &image->config->entrypoint);
	json_put_strv(w, "cmd", &image->config->cmd);
	json_put_strv(w, "env", &image->config->env);
	json_put_text(w, "workdir", image->config->workdir);
	json_put_text(w, "user", image->config->user);
	json_put_text(w, "architecture", image->config->architecture);
	json_put_text(w, "comment", image->config->comment);
	json_put_strv(w, "labels", &image->config->labels);
	json_close_object(w);
}

/* import FILE [NAME [KEY=VALUE...]]: entrypoint and cmd by repetition, env=A=B, workdir=, user=, message= */
static int run_import(struct call *call, struct error *err)
{
	struct import_options options = { .reference = call->args[0] && call->args[1] ? call->args[1] : NULL };
	autoclose int fd = open(call->args[0], O_RDONLY | O_CLOEXEC);
	autofree char *id = NULL;

	if (fd < 0)
		return fail_errno(err, errno, "%s", call->args[0]);
	if (options.reference && !*options.reference)
		options.reference = NULL;
	for (char **arg = call->args + 1; call->args[1] && *arg; arg++) {
		const char *value = strchr(*arg, '=') ? strchr(*arg, '=') + 1 : "";

		if (text_starts_with(*arg, "entrypoint="))
			strv_add(&options.entrypoint, value);
		else if (text_starts_with(*arg, "cmd="))
			strv_add(&options.cmd, value);
		else if (text_starts_with(*arg, "env="))
			strv_add(&options.env, value);
		else if (text_starts_with(*arg, "workdir="))
			options.workdir = value;
		else if (text_starts_with(*arg, "user="))
			options.user = value;
		else if (text_starts_with(*arg, "message="))
			options.message = value;
	}
	if (store_import(call->store, fd, &options, &id, err) < 0)
		return -1;
	json_put_text(&call->w, NULL, id);
	strv_done(&options.entrypoint);
	strv_done(&options.cmd);
	strv_done(&options.env);
	return 0;
}

/* load PATH, or load - for an archive on stdin */
static int run_load(struct call *call, struct error *err)
{
	AUTO_DONE(strv) names = { 0 };
	const char *path = strcmp(call->args[0], "-") == 0 ? NULL : call->args[0];

	if (store_load(call->store, STDIN_FILENO, path, &names, err) < 0)
		return -1;
	json_put_strv(&call->w, NULL, &names);
	return 0;
}

static int run_get(struct call *call, struct error *err)
{
	AUTO(image) image = NULL;

	if (store_get_image(call->store, call->args[0], &image, err) < 0 ||
	    store_get_image_names(call->store, image, err) < 0)
		return -1;
	put_image(&call->w, image);
	return 0;
}

static int run_list(struct call *call, struct error *err)
{
	AUTO_DONE(image_list) list = { 0 };

	if (store_list_images(call->store, &list, err) < 0)
		return -1;
	json_open_array(&call->w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_image(&call->w, list.items[i]);
	json_close_array(&call->w);
	return 0;
}

static int run_tag(struct call *call, struct error *err)
{
	if (store_tag_image(call->store, call->args[0], call->args[1], err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

/* rm NAME [force] [in_use ID...] */
static int run_remove(struct call *call, struct error *err)
{
	AUTO_DONE(strv) in_use = { 0 };
	AUTO_DONE(strv) untagged = { 0 };
	AUTO_DONE(strv) deleted = { 0 };
	bool is_forced = call->args[1] && strcmp(call->args[1], "force") == 0;

	for (char **arg = call->args + 1 + is_forced; call->args[1] && *arg; arg++)
		strv_add(&in_use, *arg);
	if (store_remove_image(call->store, call->args[0], &in_use, is_forced, &untagged, &deleted, err) < 0)
		return -1;
	json_open_object(&call->w, NULL);
	json_put_strv(&call->w, "untagged", &untagged);
	json_put_strv(&call->w, "deleted", &deleted);
	json_close_object(&call->w);
	return 0;
}

static int run_copy(struct call *call, struct error *err)
{
	autoclose int dirfd = open(call->args[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(image) image = NULL;

	if (dirfd < 0)
		return fail_errno(err, errno, "%s", call->args[1]);
	if (store_get_image(call->store, call->args[0], &image, err) < 0 ||
	    store_copy_rootfs(call->store, image, dirfd, err) < 0)
		return -1;
	json_put_null(&call->w, NULL);
	return 0;
}

/* time NAME: nanoseconds that one store_get_image takes, the least of many */
static int run_time(struct call *call, struct error *err)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 1000; i++) {
		uint64_t before = clock_monotonic_ns(), took;
		AUTO(image) image = NULL;

		if (store_get_image(call->store, call->args[0], &image, err) < 0)
			return -1;
		took = clock_monotonic_ns() - before;
		least = took < least ? took : least;
	}
	json_put_u64(&call->w, NULL, least);
	return 0;
}

static const struct {
	const char *name;
	int arguments;
	int (*run)(struct call *call, struct error *err);
} commands[] = {
	{ "import", 1, run_import }, { "load", 1, run_load }, { "get", 1, run_get },   { "ls", 0, run_list },
	{ "tag", 2, run_tag },       { "rm", 1, run_remove }, { "copy", 2, run_copy }, { "time", 1, run_time },
};

static void set_limits(struct store *store)
{
	struct store_limits limits = STORE_LIMITS_DEFAULT;

#define X(name, value)              \
	if (getenv("LIMIT_" #name)) \
		parse_u64(getenv("LIMIT_" #name), &limits.name);
	STORE_LIMITS(X)
#undef X
	store_set_limits(store, &limits);
}

static int run(char **argv, int argc, struct strbuf *out, struct error *err)
{
	AUTO(store) store = store_open(argv[1], argv[2], err);
	struct call call = { store, argv + 4, { .out = out } };

	if (!store)
		return -1;
	set_limits(store);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, argv[3]) == 0 && argc - 4 >= commands[i].arguments)
			return commands[i].run(&call, err);
	return fail(err, ERR_INTERNAL, "what?");
}

int main(int argc, char **argv)
{
	AUTO_DONE(strbuf) out = { 0 };
	struct error err = { 0 };

	if (argc < 4)
		return 2;
	if (run(argv, argc, &out, &err) < 0) {
		struct json_writer w = { .out = &out };

		strbuf_reset(&out);
		json_open_object(&w, NULL);
		json_put_text(&w, "error", error_kind_name(err.kind));
		json_put_text(&w, "message", err.msg);
		json_close_object(&w);
		puts(strbuf_peek(&out));
		return 1;
	}
	puts(strbuf_peek(&out));
	return 0;
}
