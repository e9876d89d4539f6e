/* image_inspect.c - an image with the keys of `docker image inspect`. */
#include "lib/image_inspect.h"

#include <string.h>

#include <zlayer/image.h>

#include "base/json_writer.h"
#include "base/text.h"

const char *zl_image_familiar_name(const char *name)
{
	static const char *const prefixes[] = { "docker.io/library/", "docker.io/" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (text_starts_with(name, prefixes[i]))
			return name + strlen(prefixes[i]);
	return name;
}

/* Docker writes null for a list that the image does not have. */
static void put_list(struct json_writer *w, const char *key, const struct strv *list)
{
	if (list->count > 0)
		json_put_strv(w, key, list);
	else
		json_put_null(w, key);
}

/* {"80/tcp": {}}: a set. */
static void put_set(struct json_writer *w, const char *key, const struct strv *names)
{
	if (names->count == 0) {
		json_put_null(w, key);
		return;
	}
	json_open_object(w, key);
	for (size_t i = 0; i < names->count; i++) {
		json_open_object(w, names->items[i]);
		json_close_object(w);
	}
	json_close_object(w);
}

static void put_labels(struct json_writer *w, const struct strv *labels)
{
	json_open_object(w, "Labels");
	for (size_t i = 0; i < labels->count; i++) {
		const char *equals = strchr(labels->items[i], '=');
		autofree char *name = equals ? strndup(labels->items[i], (size_t)(equals - labels->items[i])) : NULL;

		if (name)
			json_put_text(w, name, equals + 1);
	}
	json_close_object(w);
}

static void put_config(struct json_writer *w, const struct image_config *config)
{
	json_open_object(w, "Config");
	json_put_text(w, "User", config->user ? config->user : "");
	put_set(w, "ExposedPorts", &config->exposed_ports);
	put_list(w, "Env", &config->env);
	put_list(w, "Entrypoint", &config->entrypoint);
	put_list(w, "Cmd", &config->cmd);
	put_set(w, "Volumes", &config->volumes);
	json_put_text(w, "WorkingDir", config->workdir ? config->workdir : "");
	put_labels(w, &config->labels);
	if (config->stop_signal)
		json_put_text(w, "StopSignal", config->stop_signal);
	json_close_object(w);
}

static void put_tags(struct json_writer *w, const struct strv *names)
{
	json_open_array(w, "RepoTags");
	for (size_t i = 0; i < names->count; i++)
		json_put_text(w, NULL, zl_image_familiar_name(names->items[i]));
	json_close_array(w);
}

/* "hello@sha256:...": by its name without the tag, which may move. */
static void put_digests(struct json_writer *w, const struct image *image)
{
	json_open_array(w, "RepoDigests");
	for (size_t i = 0; i < image->names.count && image->manifest_digest; i++) {
		const char *name = zl_image_familiar_name(image->names.items[i]), *slash = strrchr(name, '/');
		int length = (int)strcspn(name, "@");
		const char *colon = slash ? strchr(slash, ':') : strchr(name, ':');
		autofree char *text = NULL;

		if (colon && colon - name < length)
			length = (int)(colon - name);
		text = text_format("%.*s@%s", length, name, image->manifest_digest);
		if (text)
			json_put_text(w, NULL, text);
	}
	json_close_array(w);
}

static void put_root(struct json_writer *w, const struct image_config *config)
{
	json_open_object(w, "RootFS");
	json_put_text(w, "Type", "layers");
	json_put_strv(w, "Layers", &config->diff_ids);
	json_close_object(w);
}

int image_inspect_print(const struct image *image, char **ret, struct error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text };

	json_open_object(&w, NULL);
	json_put_text(&w, "Id", image->id);
	put_tags(&w, &image->names);
	put_digests(&w, image);
	json_put_text(&w, "Created", image->config->created);
	put_config(&w, image->config);
	json_put_text(&w, "Architecture", image->config->architecture);
	json_put_text(&w, "Os", image->config->os);
	json_put_u64(&w, "Size", image->size_bytes);
	put_root(&w, image->config);
	json_close_object(&w);
	if (strbuf_status(&text) < 0)
		return fail_oom(err);
	*ret = strbuf_take(&text);
	return 0;
}
