/* request.c - reading the request. */
#include "storecli/request.h"

#include "base/file.h"

#define REQUEST_LIMIT (8UL << 20)

static const struct {
	const char *name;
	size_t offset;
} limit_fields[] = {
#define X(name, value) { #name, offsetof(struct store_limits, name) },
	STORE_LIMITS(X)
#undef X
};

static int read_limits(struct json_object *document, struct store_limits *limits, struct error *err)
{
	struct json_object *object = NULL;

	*limits = STORE_LIMITS_DEFAULT;
	if (json_get_object(document, "limits", "", &object, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(limit_fields); i++)
		if (json_get_u64(object, limit_fields[i].name, "limits",
				 (uint64_t *)((char *)limits + limit_fields[i].offset), err) < 0)
			return -1;
	return 0;
}

static int read_options(struct json_object *document, struct import_options *options, struct error *err)
{
	if (json_get_text(document, "reference", "", &options->reference, err) < 0 ||
	    json_get_strv(document, "entrypoint", "", &options->entrypoint, err) < 0 ||
	    json_get_strv(document, "cmd", "", &options->cmd, err) < 0 ||
	    json_get_strv(document, "env", "", &options->env, err) < 0 ||
	    json_get_text(document, "workdir", "", &options->workdir, err) < 0 ||
	    json_get_text(document, "user", "", &options->user, err) < 0 ||
	    json_get_text(document, "message", "", &options->message, err) < 0)
		return -1;
	return 0;
}

int request_read(int fd, struct request *ret, struct error *err)
{
	autofree char *text = NULL;
	size_t len = 0;
	int r = fd_read_all(fd, REQUEST_LIMIT, &text, &len);

	if (r < 0)
		return fail_errno(err, r, "request");
	*ret = (struct request){ .document = json_parse(text, len, "request", err) };
	if (!ret->document)
		return -1;
	if (read_limits(ret->document, &ret->limits, err) < 0 || read_options(ret->document, &ret->options, err) < 0) {
		request_done(ret);
		return fail_while(err, "request");
	}
	return 0;
}

void request_done(struct request *request)
{
	strv_done(&request->options.entrypoint);
	strv_done(&request->options.cmd);
	strv_done(&request->options.env);
	json_object_put(request->document);
	*request = (struct request){ 0 };
}
