/* store_find.c - finding and listing images. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "store/image_record.h"
#include "store/store_internal.h"
#include "store/store_layout.h"

/* A layer that comes twice in one image counts where it is uppermost: there it hides all of itself below, and overlayfs
 * takes no directory twice. */
static bool comes_again(const struct strv *diff_ids, size_t at)
{
	for (size_t i = at + 1; i < diff_ids->count; i++)
		if (strcmp(diff_ids->items[i], diff_ids->items[at]) == 0)
			return true;
	return false;
}

static int add_layer_dirs(const struct store *store, struct image *image, struct error *err)
{
	const struct strv *diff_ids = &image->config->diff_ids;

	for (size_t i = 0; i < diff_ids->count; i++) {
		if (comes_again(diff_ids, i))
			continue;
		if (strv_addf(&image->layer_dirs, "%s/" STORE_LAYERS "/%s/" STORE_LAYER_ROOT, store->path,
			      DIGEST_HEX(diff_ids->items[i])) < 0)
			return fail_oom(err);
	}
	return 0;
}

int store_read_record(struct store *store, const char *path, struct image **ret, struct strv *ret_blobs,
		      struct error *err)
{
	autofree char *data = NULL;
	AUTO(image) image = NULL;
	size_t len = 0;
	int r = file_read_at(store->fd, path, STORE_RECORD_LIMIT, &data, &len);

	if (r < 0)
		return fail_errno(err, r, "%s", path);
	if (image_record_parse(data, len, &image, ret_blobs, err) < 0)
		return fail_while(err, "%s", path);
	if (add_layer_dirs(store, image, err) < 0)
		return -1;
	*ret = TAKE_PTR(image);
	return 0;
}

/* 1 and the image when the name is one, 0 when it is not. */
static int find_by_name(struct store *store, const char *name, struct image **ret, struct error *err)
{
	autofree char *file = NULL, *full = NULL, *path = NULL;
	struct error why = { 0 };

	if (store_name_file(name, &file, &full, &why) < 0)
		return 0;
	path = text_format(STORE_NAMES "/%s", file);
	if (!path)
		return fail_oom(err);
	if (store_read_record(store, path, ret, NULL, &why) < 0) {
		if (why.kind == ERR_NOT_FOUND)
			return 0;
		*err = why;
		return -1;
	}
	if (strv_add_take(&(*ret)->names, TAKE_PTR(full)) < 0) {
		image_free(TAKE_PTR(*ret));
		return fail_oom(err);
	}
	return 1;
}

#define SHORTEST_PREFIX 4

/* "sha256:abcd" and "abcd" give "abcd"; NULL for what cannot be the beginning of an id. */
static const char *as_prefix(const char *name)
{
	if (text_starts_with(name, "sha256:"))
		name = DIGEST_HEX(name);
	if (!text_is_made_of(name, TEXT_HEX) || strlen(name) < SHORTEST_PREFIX || strlen(name) >= SHA256_HEX_SIZE)
		return NULL;
	return name;
}

/* Every id that begins so. */
static int find_ids(struct store *store, const char *prefix, struct strv *ret, struct error *err)
{
	int fd = openat(store->fd, STORE_IMAGES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (!dir) {
		r = fail_errno(err, errno, STORE_IMAGES);
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (text_starts_with(entry->d_name, prefix) && text_is_made_of(entry->d_name, TEXT_HEX))
			r = strv_add(ret, entry->d_name);
	closedir(dir);
	return r < 0 ? fail_oom(err) : 0;
}

static int fail_ambiguous(const char *prefix, const struct strv *ids, struct error *err)
{
	AUTO_DONE(strbuf) text = { 0 };

	for (size_t i = 0; i < ids->count; i++)
		strbuf_addf(&text, "%s%.12s", i ? ", " : "", ids->items[i]);
	return fail(err, ERR_CONFLICT, "image %s: more than one id begins so: %.300s", prefix, strbuf_peek(&text));
}

/* 1 and the image, 0 when there is none. */
static int find_by_id(struct store *store, const char *name, struct image **ret, struct error *err)
{
	const char *prefix = as_prefix(name);
	AUTO_DONE(strv) ids = { 0 };
	autofree char *path = NULL;

	if (!prefix)
		return 0;
	if (find_ids(store, prefix, &ids, err) < 0)
		return -1;
	if (ids.count == 0)
		return 0;
	if (ids.count > 1)
		return fail_ambiguous(prefix, &ids, err);
	path = text_format(STORE_IMAGES "/%s", ids.items[0]);
	if (!path)
		return fail_oom(err);
	return store_read_record(store, path, ret, NULL, err) < 0 ? -1 : 1;
}

int store_get_image(struct store *store, const char *name, struct image **ret, struct error *err)
{
	struct error here = { 0 };
	struct image *image = NULL;
	int r = digest_is_valid(name) ? 0 : find_by_name(store, name, &image, &here);

	if (r == 0)
		r = find_by_id(store, name, &image, &here);
	if (r == 0)
		return fail(
			err, ERR_NOT_FOUND,
			"image %.300s: not in the store (`zlayer image ls` shows what is; `zlayer image import` and "
			"`zlayer image load` bring more)",
			name);
	if (r < 0) {
		if (err)
			*err = here;
		return -1;
	}
	*ret = image;
	return 0;
}

int store_get_image_names(struct store *store, struct image *image, struct error *err)
{
	strv_done(&image->names);
	return store_add_names(store, image, err);
}

static int compare_age(const void *a, const void *b)
{
	const struct image *x = *(struct image *const *)a, *y = *(struct image *const *)b;

	if (x->created_ns != y->created_ns)
		return x->created_ns > y->created_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int compare_id(const void *a, const void *b)
{
	return strcmp((*(struct image *const *)a)->id, (*(struct image *const *)b)->id);
}

/* One that goes away while we read is no failure. */
static int add_to_list(struct store *store, const char *id, struct image_list *list, struct error *err)
{
	autofree char *path = text_format(STORE_IMAGES "/%s", id);
	struct error why = { 0 };
	int r;

	if (!path)
		return fail_oom(err);
	r = store_read_record(store, path, &list->items[list->count], NULL, &why);
	if (r == 0)
		list->count++;
	else if (why.kind != ERR_NOT_FOUND) {
		if (err)
			*err = why;
		return -1;
	}
	return 0;
}

int store_list_images(struct store *store, struct image_list *ret, struct error *err)
{
	AUTO_DONE(image_list) list = { 0 };
	AUTO_DONE(strv) ids = { 0 };

	if (find_ids(store, "", &ids, err) < 0)
		return -1;
	list.items = calloc(ids.count + 1, sizeof(struct image *));
	if (!list.items)
		return fail_oom(err);
	for (size_t i = 0; i < ids.count; i++)
		if (add_to_list(store, ids.items[i], &list, err) < 0)
			return -1;
	qsort(list.items, list.count, sizeof(struct image *), compare_id);
	if (store_add_names_to_all(store, &list, err) < 0)
		return -1;
	qsort(list.items, list.count, sizeof(struct image *), compare_age);
	*ret = list;
	list = (struct image_list){ 0 };
	return 0;
}
