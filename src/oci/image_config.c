/* image_config.c - image configs: JSON to struct and back. */
#include "oci/image_config.h"

#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_writer.h"

void image_config_free(struct image_config *config)
{
	if (!config)
		return;
	free(config->architecture);
	free(config->os);
	free(config->created);
	strv_done(&config->entrypoint);
	strv_done(&config->cmd);
	strv_done(&config->env);
	free(config->workdir);
	free(config->user);
	free(config->stop_signal);
	strv_done(&config->volumes);
	strv_done(&config->exposed_ports);
	strv_done(&config->labels);
	strv_done(&config->diff_ids);
	free(config->comment);
	free(config);
}

/* A set as Go prints it: an object whose keys count, {"/data": {}}. */
static int read_keys(struct json_object *object, const char *key, struct strv *ret, struct error *err)
{
	struct json_object *set = NULL;

	if (json_get_object(object, key, "config", &set, err) < 0)
		return -1;
	if (!set)
		return 0;
	json_object_object_foreach(set, name, value)
	{
		(void)value;
		if (strv_add(ret, name) < 0)
			return fail_oom(err);
	}
	return 0;
}

static int read_labels(struct json_object *object, struct strv *ret, struct error *err)
{
	struct json_object *labels = NULL;

	if (json_get_object(object, "Labels", "config", &labels, err) < 0)
		return -1;
	if (!labels)
		return 0;
	json_object_object_foreach(labels, name, value)
	{
		const char *text = "";

		(void)value;
		if (json_get_text(labels, name, "config.Labels", &text, err) < 0)
			return -1;
		if (strv_addf(ret, "%s=%s", name, text) < 0)
			return fail_oom(err);
	}
	return 0;
}

static int read_process(struct json_object *root, struct image_config *config, struct error *err)
{
	struct json_object *object = NULL;

	if (json_get_object(root, "config", "", &object, err) < 0)
		return -1;
	if (!object)
		return 0;
	if (json_get_strv(object, "Entrypoint", "config", &config->entrypoint, err) < 0 ||
	    json_get_strv(object, "Cmd", "config", &config->cmd, err) < 0 ||
	    json_get_strv(object, "Env", "config", &config->env, err) < 0 ||
	    json_get_dup(object, "WorkingDir", "config", &config->workdir, err) < 0 ||
	    json_get_dup(object, "User", "config", &config->user, err) < 0 ||
	    json_get_dup(object, "StopSignal", "config", &config->stop_signal, err) < 0 ||
	    read_keys(object, "Volumes", &config->volumes, err) < 0 ||
	    read_keys(object, "ExposedPorts", &config->exposed_ports, err) < 0)
		return -1;
	return read_labels(object, &config->labels, err);
}

static int read_layers(struct json_object *root, struct image_config *config, struct error *err)
{
	struct json_object *rootfs = NULL;
	const char *type = "layers";

	if (json_get_object(root, "rootfs", "", &rootfs, err) < 0)
		return -1;
	if (!rootfs)
		return fail(err, ERR_INVALID_SPEC, "rootfs: missing");
	if (json_get_text(rootfs, "type", "rootfs", &type, err) < 0 ||
	    json_get_strv(rootfs, "diff_ids", "rootfs", &config->diff_ids, err) < 0)
		return -1;
	if (strcmp(type, "layers") != 0)
		return fail(err, ERR_UNSUPPORTED, "rootfs.type: `%.60s` is not known (`layers` is)", type);
	for (size_t i = 0; i < config->diff_ids.count; i++)
		if (!digest_is_valid(config->diff_ids.items[i]))
			return fail(err, ERR_INVALID_SPEC, "rootfs.diff_ids[%zu]: `%.80s` is no sha256 digest", i,
				    config->diff_ids.items[i]);
	return 0;
}

static int read_comment(struct json_object *root, struct image_config *config, struct error *err)
{
	struct json_object *history = NULL;
	size_t count;

	if (json_get_array(root, "history", "", &history, err) < 0)
		return -1;
	count = history ? json_object_array_length(history) : 0;
	if (count == 0)
		return 0;
	return json_get_dup(json_object_array_get_idx(history, count - 1), "comment", "history", &config->comment, err);
}

/* Go writes what is not set as "". */
static void drop_empty(char **text)
{
	if (!*text || **text)
		return;
	free(*text);
	*text = NULL;
}

static int read_all(struct json_object *root, struct image_config *config, struct error *err)
{
	if (!json_object_is_type(root, json_type_object))
		return fail(err, ERR_INVALID_SPEC, "an object is wanted");
	if (json_get_dup(root, "architecture", "", &config->architecture, err) < 0 ||
	    json_get_dup(root, "os", "", &config->os, err) < 0 ||
	    json_get_dup(root, "created", "", &config->created, err) < 0 || read_process(root, config, err) < 0 ||
	    read_layers(root, config, err) < 0 || read_comment(root, config, err) < 0)
		return -1;
	drop_empty(&config->workdir);
	drop_empty(&config->user);
	drop_empty(&config->stop_signal);
	drop_empty(&config->created);
	drop_empty(&config->comment);
	return 0;
}

struct image_config *image_config_parse(const char *json, size_t len, struct error *err)
{
	AUTO(image_config) config = calloc(1, sizeof(*config));
	AUTO_JSON root = NULL;

	if (!config) {
		fail_oom(err);
		return NULL;
	}
	if (len > IMAGE_CONFIG_LIMIT) {
		fail(err, ERR_INVALID_SPEC, "image config: larger than %lu bytes", IMAGE_CONFIG_LIMIT);
		return NULL;
	}
	root = json_parse(json, len, "image config", err);
	if (!root)
		return NULL;
	if (read_all(root, config, err) < 0) {
		fail_while(err, "image config");
		return NULL;
	}
	return TAKE_PTR(config);
}

static void put_text_if(struct json_writer *w, const char *key, const char *value)
{
	if (value)
		json_put_text(w, key, value);
}

static void put_list_if(struct json_writer *w, const char *key, const struct strv *values)
{
	if (values->count > 0)
		json_put_strv(w, key, values);
}

static void put_keys_if(struct json_writer *w, const char *key, const struct strv *names)
{
	if (names->count == 0)
		return;
	json_open_object(w, key);
	for (size_t i = 0; i < names->count; i++) {
		json_open_object(w, names->items[i]);
		json_close_object(w);
	}
	json_close_object(w);
}

static int put_labels_if(struct json_writer *w, const struct strv *labels)
{
	if (labels->count == 0)
		return 0;
	json_open_object(w, "Labels");
	for (size_t i = 0; i < labels->count; i++) {
		const char *equals = strchrnul(labels->items[i], '=');
		autofree char *name = strndup(labels->items[i], (size_t)(equals - labels->items[i]));

		if (!name)
			return -ENOMEM;
		json_put_text(w, name, *equals ? equals + 1 : "");
	}
	json_close_object(w);
	return 0;
}

static int put_process(struct json_writer *w, const struct image_config *config)
{
	int r;

	json_open_object(w, "config");
	put_text_if(w, "User", config->user);
	put_keys_if(w, "ExposedPorts", &config->exposed_ports);
	put_list_if(w, "Env", &config->env);
	put_list_if(w, "Entrypoint", &config->entrypoint);
	put_list_if(w, "Cmd", &config->cmd);
	put_keys_if(w, "Volumes", &config->volumes);
	put_text_if(w, "WorkingDir", config->workdir);
	r = put_labels_if(w, &config->labels);
	put_text_if(w, "StopSignal", config->stop_signal);
	json_close_object(w);
	return r;
}

static void put_history(struct json_writer *w, const struct image_config *config)
{
	if (!config->comment)
		return;
	json_open_array(w, "history");
	json_open_object(w, NULL);
	put_text_if(w, "created", config->created);
	json_put_text(w, "comment", config->comment);
	json_close_object(w);
	json_close_array(w);
}

int image_config_print(const struct image_config *config, struct strbuf *out, struct error *err)
{
	struct json_writer w = { .out = out };

	json_open_object(&w, NULL);
	put_text_if(&w, "created", config->created);
	put_text_if(&w, "architecture", config->architecture);
	put_text_if(&w, "os", config->os);
	if (put_process(&w, config) < 0)
		return fail_oom(err);
	json_open_object(&w, "rootfs");
	json_put_text(&w, "type", "layers");
	json_put_strv(&w, "diff_ids", &config->diff_ids);
	json_close_object(&w);
	put_history(&w, config);
	json_close_object(&w);
	return strbuf_status(out) < 0 ? fail_oom(err) : 0;
}
