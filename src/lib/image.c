/* image.c - the images of this node, by way of the store. */
#include <zlayer/image.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "lib/client.h"
#include "lib/image_inspect.h"

/* ---- listing ---- */

struct zl_image_list {
	struct image_list images;
	struct zl_image_info *views;
};

static int fill_list(struct zl_client *client, struct zl_image_list *list, struct error *err)
{
	if (client_open_store(client, err) < 0 || store_list_images(client->store, &list->images, err) < 0)
		return -1;
	list->views = calloc(list->images.count + 1, sizeof(*list->views));
	if (!list->views)
		return fail_oom(err);
	for (size_t i = 0; i < list->images.count; i++) {
		const struct image *image = list->images.items[i];

		list->views[i] = (struct zl_image_info){
			.id = image->id,
			.manifest_digest = image->manifest_digest,
			.names = border_peek_strings(&image->names),
			.size_bytes = image->size_bytes,
			.created_ns = image->created_ns,
		};
	}
	return 0;
}

struct zl_image_list *zl_image_list_new(struct zl_client *client, struct zl_error *err)
{
	struct zl_image_list *list = calloc(1, sizeof(*list));
	struct error e;

	if (!list)
		fail_oom(&e);
	else if (fill_list(client, list, &e) == 0)
		return list;
	border_fail(err, &e);
	zl_image_list_free(list);
	return NULL;
}

void zl_image_list_free(struct zl_image_list *list)
{
	if (!list)
		return;
	image_list_done(&list->images);
	free(list->views);
	free(list);
}

size_t zl_image_list_count(const struct zl_image_list *list)
{
	return list->images.count;
}

const struct zl_image_info *zl_image_list_get(const struct zl_image_list *list, size_t i)
{
	return i < list->images.count ? &list->views[i] : NULL;
}

int zl_image_inspect(struct zl_client *client, const char *name, char **ret_json, struct zl_error *err)
{
	AUTO(image) image = NULL;
	struct error e;

	if (client_open_store(client, &e) < 0 || store_get_image(client->store, name, &image, &e) < 0)
		return border_fail(err, &e);
	if (image_inspect_print(image, ret_json, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- bringing in ---- */

static int import(struct zl_client *client, int fd, const struct zl_image_import_options *options, char **ret_id,
		  struct error *err)
{
	struct import_options wanted = {
		.reference = options->reference,
		.workdir = options->workdir,
		.user = options->user,
		.message = options->message,
	};
	int r = -1;

	if (client_open_store(client, err) == 0 &&
	    border_read_strings(&wanted.entrypoint, options->entrypoint, err) == 0 &&
	    border_read_strings(&wanted.cmd, options->cmd, err) == 0 &&
	    border_read_strings(&wanted.env, options->env, err) == 0)
		r = store_import(client->store, fd, &wanted, ret_id, err);
	strv_done(&wanted.entrypoint);
	strv_done(&wanted.cmd);
	strv_done(&wanted.env);
	return r;
}

int zl_image_import(struct zl_client *client, int fd, const struct zl_image_import_options *options, char **ret_id,
		    struct zl_error *err)
{
	struct zl_image_import_options given;
	struct error e;

	if (border_read_options(&given, sizeof(given), options, &e) < 0 || import(client, fd, &given, ret_id, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

int zl_image_load(struct zl_client *client, int fd, const char *path, char ***ret_names, struct zl_error *err)
{
	AUTO_DONE(strv) names = { 0 };
	struct error e;

	if (client_open_store(client, &e) < 0 || store_load(client->store, fd, path, &names, &e) < 0 ||
	    border_give_strings(ret_names, &names, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* ---- names ---- */

int zl_image_tag(struct zl_client *client, const char *image, const char *new_name, struct zl_error *err)
{
	struct error e;

	if (client_open_store(client, &e) < 0 || store_tag_image(client->store, image, new_name, &e) < 0)
		return border_fail(err, &e);
	return 0;
}

/* Ids of the images that containers were made from. */
static int list_used(struct zl_client *client, struct strv *ret, struct error *err)
{
	AUTO_DONE(container_list) list = { 0 };

	if (client_open_runtime(client, err) < 0 || runtime_list(client->runtime, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i]->image_id && strv_add(ret, list.items[i]->image_id) < 0)
			return fail_oom(err);
	return 0;
}

int zl_image_remove(struct zl_client *client, const char *image, bool is_forced, char ***ret_untagged,
		    char ***ret_deleted, struct zl_error *err)
{
	AUTO_DONE(strv) used = { 0 };
	AUTO_DONE(strv) untagged = { 0 };
	AUTO_DONE(strv) deleted = { 0 };
	char **names;
	struct error e;

	if (client_open_store(client, &e) < 0 || list_used(client, &used, &e) < 0 ||
	    store_remove_image(client->store, image, &used, is_forced, &untagged, &deleted, &e) < 0 ||
	    border_give_strings(&names, &untagged, &e) < 0)
		return border_fail(err, &e);
	if (border_give_strings(ret_deleted, &deleted, &e) < 0) {
		zl_strings_free(names);
		return border_fail(err, &e);
	}
	*ret_untagged = names;
	return 0;
}
