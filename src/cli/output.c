/* output.c - what several commands print alike. */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "cli/describe.h"

int output_text(struct strbuf *text, struct zl_error *err)
{
	if (strbuf_add_char(text, '\n') < 0)
		return memory_error(err);
	if (fwrite(text->data, 1, text->len, stdout) != text->len)
		return command_error(err, ZL_ERR_INTERNAL, errno, "standard output");
	return 0;
}

void output_time(struct json_writer *w, const char *key, uint64_t time_ns)
{
	char text[CLOCK_RFC3339_SIZE];

	clock_format_rfc3339(time_ns, text);
	json_put_text(w, key, time_ns ? text : NULL);
}

static void put_labels(struct json_writer *w, const char *const *labels)
{
	json_open_object(w, "Labels");
	for (; *labels; labels++) {
		const char *equals = strchr(*labels, '=');
		autofree char *name = equals ? strndup(*labels, (size_t)(equals - *labels)) : strdup(*labels);

		if (name)
			json_put_text(w, name, equals ? equals + 1 : "");
	}
	json_close_object(w);
}

static void put_exit(struct json_writer *w, const struct zl_container_info *info)
{
	bool has_ended = info->status == ZL_CONTAINER_EXITED || info->status == ZL_CONTAINER_UNKNOWN;

	if (has_ended && info->exit.is_known)
		json_put_i64(w, "ExitCode", info->exit.code);
	else
		json_put_null(w, "ExitCode");
	json_put_bool(w, "OOMKilled", has_ended && info->exit.oom_killed);
	output_time(w, "FinishedAt", has_ended ? info->exit.finished_ns : 0);
}

void output_container(struct json_writer *w, const struct zl_container_info *info)
{
	char status[STATUS_TEXT_SIZE];

	status_text(info, clock_realtime_ns(), status);
	json_open_object(w, NULL);
	json_put_text(w, "ID", info->id);
	json_put_text(w, "Names", info->name);
	json_put_text(w, "Image", info->image);
	json_put_text(w, "ImageID", info->image_id);
	json_put_text(w, "Command", info->command);
	output_time(w, "CreatedAt", info->created_ns);
	output_time(w, "StartedAt", info->started_ns);
	json_put_text(w, "State", zl_container_status_name(info->status));
	json_put_text(w, "Status", status);
	json_put_text(w, "Reason", info->reason);
	put_exit(w, info);
	json_put_u64(w, "Pid", (uint64_t)info->pid);
	json_put_text(w, "Deployment", info->deployment);
	json_put_text(w, "Service", info->service);
	json_put_text(w, "Role", info->role);
	json_put_u64(w, "Replica", info->replica);
	put_labels(w, info->labels);
	json_close_object(w);
}

static void put_value(struct json_writer *w, const char *key, struct json_object *value);

static void put_members(struct json_writer *w, const char *key, struct json_object *object)
{
	json_open_object(w, key);
	json_object_object_foreach(object, name, value) put_value(w, name, value);
	json_close_object(w);
}

static void put_items(struct json_writer *w, const char *key, struct json_object *array)
{
	json_open_array(w, key);
	for (size_t i = 0; i < json_object_array_length(array); i++)
		put_value(w, NULL, json_object_array_get_idx(array, i));
	json_close_array(w);
}

/* json-c keeps a whole number as it was written: one that is not negative may need all 64 bits. */
static void put_integer(struct json_writer *w, const char *key, struct json_object *value)
{
	if (json_object_get_int64(value) < 0)
		json_put_i64(w, key, json_object_get_int64(value));
	else
		json_put_u64(w, key, json_object_get_uint64(value));
}

static void put_value(struct json_writer *w, const char *key, struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		put_members(w, key, value);
		break;
	case json_type_array:
		put_items(w, key, value);
		break;
	case json_type_int:
		put_integer(w, key, value);
		break;
	case json_type_double:
		json_put_double(w, key, json_object_get_double(value));
		break;
	case json_type_boolean:
		json_put_bool(w, key, json_object_get_boolean(value));
		break;
	case json_type_string:
		json_put_text(w, key, json_object_get_string(value));
		break;
	case json_type_null:
		json_put_null(w, key);
		break;
	}
}

/* What comes from the library is written tight; people read this. */
int output_json(struct json_writer *w, const char *json, struct zl_error *err)
{
	AUTO_JSON value = json_parse(json, strlen(json), "answer", NULL);

	if (!value)
		return command_error(err, ZL_ERR_INTERNAL, 0, "the library's answer is no JSON");
	put_value(w, NULL, value);
	return 0;
}

int output_inspected(struct call *call,
		     int (*get)(struct zl_client *client, const char *text, char **ret_json, struct zl_error *err),
		     struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };
	int status = 0;

	json_open_array(&w, NULL);
	for (int i = 0; i < call->n_args; i++) {
		autofree char *json = NULL;
		struct zl_error one = { 0 };

		if (get(call->client, call->args[i], &json, &one) == 0 && output_json(&w, json, &one) == 0)
			continue;
		fprintf(stderr, "zlayer: %s\n", one.msg);
		status = 1;
	}
	json_close_array(&w);
	return output_text(&text, err) < 0 ? -1 : status;
}

char *output_label(const struct zl_container_info *info)
{
	if (!info->service)
		return strdup(info->name ? info->name : info->id);
	if (info->role)
		return text_format("%s.%s.%u", info->service, info->role, info->replica);
	return text_format("%s.%u", info->service, info->replica);
}
