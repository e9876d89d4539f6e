/* store_bring.c - import and load, as requests to zlayer-store. */
#include <fcntl.h>

#include "base/json_writer.h"
#include "store/store_helper.h"
#include "store/store_internal.h"

static void put_limits(struct json_writer *w, const struct store_limits *limits)
{
	json_open_object(w, "limits");
#define X(name, value) json_put_u64(w, #name, limits->name);
	STORE_LIMITS(X)
#undef X
	json_close_object(w);
}

static void put_import_options(struct json_writer *w, const struct import_options *options)
{
	json_put_text(w, "reference", options->reference);
	json_put_strv(w, "entrypoint", &options->entrypoint);
	json_put_strv(w, "cmd", &options->cmd);
	json_put_strv(w, "env", &options->env);
	json_put_text(w, "workdir", options->workdir);
	json_put_text(w, "user", options->user);
	json_put_text(w, "message", options->message);
}

int store_import(struct store *store, int fd, const struct import_options *options, char **ret_id, struct error *err)
{
	AUTO_DONE(strbuf) request = { 0 };
	struct json_writer w = { .out = &request };
	AUTO_JSON result = NULL;
	char *id = NULL;

	json_open_object(&w, NULL);
	put_limits(&w, &store->limits);
	put_import_options(&w, options);
	json_close_object(&w);
	if (store_helper_run(store, "import", &request, fd, &result, err) < 0 ||
	    json_get_dup(result, "id", "result", &id, err) < 0)
		return fail_while(err, "import");
	if (!id)
		return fail(err, ERR_INTERNAL, "import: zlayer-store gave no id");
	*ret_id = id;
	return 0;
}

static int load_from(struct store *store, int fd, struct strv *ret_names, struct error *err)
{
	AUTO_DONE(strbuf) request = { 0 };
	struct json_writer w = { .out = &request };
	AUTO_JSON result = NULL;

	json_open_object(&w, NULL);
	put_limits(&w, &store->limits);
	json_close_object(&w);
	if (store_helper_run(store, "load", &request, fd, &result, err) < 0)
		return -1;
	return json_get_strv(result, "names", "result", ret_names, err);
}

int store_load(struct store *store, int fd, const char *path, struct strv *ret_names, struct error *err)
{
	autoclose int opened = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;

	if (path && opened < 0)
		return fail_errno(err, errno, "load %.300s", path);
	if (load_from(store, path ? opened : fd, ret_names, err) < 0)
		return fail_while(err, "load%s%.300s", path ? " " : "", path ? path : "");
	return 0;
}
