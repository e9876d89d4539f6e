/* store_change.c - tagging and removing images: changes of images/ and names/ under the records' lock. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "store/store_internal.h"
#include "store/store_layout.h"
#include "store/store_lock.h"
#include "store/store_sweep.h"
#include "store/store_write.h"

int store_put_name(int storefd, const char *file, const char *hex)
{
	char id[ID_HEX_SIZE], tmp[sizeof(STORE_TMP) + ID_HEX_SIZE], target[sizeof("../" STORE_IMAGES "/") + 64];
	char path[sizeof(STORE_NAMES) + 1 + STORE_NAME_MAX];
	int r = random_id(id);

	if (r < 0)
		return r;
	snprintf(tmp, sizeof(tmp), STORE_TMP "/%s", id);
	snprintf(target, sizeof(target), "../" STORE_IMAGES "/%s", hex);
	snprintf(path, sizeof(path), STORE_NAMES "/%s", file);
	if (symlinkat(target, storefd, tmp) < 0)
		return -errno;
	if (renameat(storefd, tmp, storefd, path) == 0)
		return 0;
	r = -errno;
	unlinkat(storefd, tmp, 0);
	return r;
}

static int lock_records(struct store *store, struct error *err)
{
	int lock = store_lock_take(store->fd, STORE_RECORDS);

	return lock < 0 ? fail_errno(err, lock, "lock the store %s", store->path) : lock;
}

int store_tag_image(struct store *store, const char *name, const char *new_name, struct error *err)
{
	autofree char *file = NULL;
	AUTO(image) image = NULL;
	autoclose int lock = -1;
	int r;

	if (store_name_file(new_name, &file, NULL, err) < 0)
		return -1;
	if (strchr(file, '@'))
		return fail(err, ERR_INVALID_SPEC, "image name %.200s: a digest cannot be given, only a tag", new_name);
	lock = lock_records(store, err);
	if (lock < 0 || store_get_image(store, name, &image, err) < 0)
		return -1;
	r = store_put_name(store->fd, file, DIGEST_HEX(image->id));
	return r < 0 ? fail_errno(err, r, "image name %.200s", new_name) : 0;
}

struct removal {
	struct store *store;
	struct image *image;
	const char *name; /* as typed */
	bool is_by_name, is_used, is_forced;
	struct strv untagged, deleted;
};

static bool is_last_name(const struct removal *removal)
{
	return !removal->is_by_name || removal->image->names.count <= 1;
}

static int check_removal(const struct removal *removal, struct error *err)
{
	if (removal->is_forced)
		return 0;
	if (!removal->is_by_name && removal->image->names.count > 1)
		return fail(err, ERR_CONFLICT,
			    "image %.200s: has %zu names; remove them one by one, or force to remove all",
			    removal->name, removal->image->names.count);
	if (removal->is_used && is_last_name(removal))
		return fail(err, ERR_CONFLICT, "image %.200s: containers use it; remove them first", removal->name);
	return 0;
}

static int take_name(struct removal *removal, const char *full, struct error *err)
{
	autofree char *file = NULL, *path = NULL;

	if (store_name_file(full, &file, NULL, err) < 0)
		return -1;
	path = text_format(STORE_NAMES "/%s", file);
	if (!path || strv_add(&removal->untagged, full) < 0)
		return fail_oom(err);
	if (unlinkat(removal->store->fd, path, 0) < 0 && errno != ENOENT)
		return fail_errno(err, errno, "image name %.200s", full);
	return 0;
}

/* Names first: an image without names is whole, a name without an image would be none. */
static int take_names(struct removal *removal, const char *found_name, struct error *err)
{
	const struct strv *names = &removal->image->names;

	if (removal->is_by_name)
		return take_name(removal, found_name, err);
	for (size_t i = 0; i < names->count; i++)
		if (take_name(removal, names->items[i], err) < 0)
			return -1;
	return 0;
}

static int delete_record(struct removal *removal, struct error *err)
{
	autofree char *path = text_format(STORE_IMAGES "/%s", DIGEST_HEX(removal->image->id));

	if (!path || strv_add(&removal->deleted, removal->image->id) < 0)
		return fail_oom(err);
	if (unlinkat(removal->store->fd, path, 0) < 0)
		return fail_errno(err, errno, "%s", path);
	return 0;
}

static int remove_locked(struct removal *removal, const struct strv *in_use, struct error *err)
{
	autofree char *found_name = NULL;
	autoclose int lock = lock_records(removal->store, err);

	if (lock < 0 || store_get_image(removal->store, removal->name, &removal->image, err) < 0)
		return -1;
	removal->is_by_name = removal->image->names.count > 0;
	removal->is_used = in_use && strv_contains(in_use, removal->image->id);
	if (removal->is_by_name) {
		found_name = strdup(removal->image->names.items[0]);
		if (!found_name)
			return fail_oom(err);
	}
	if (store_get_image_names(removal->store, removal->image, err) < 0 || check_removal(removal, err) < 0)
		return -1;
	if (take_names(removal, found_name, err) < 0)
		return -1;
	if (is_last_name(removal) && !removal->is_used)
		return delete_record(removal, err);
	return 0;
}

int store_remove_image(struct store *store, const char *name, const struct strv *in_use, bool is_forced,
		       struct strv *ret_untagged, struct strv *ret_deleted, struct error *err)
{
	struct removal removal = { .store = store, .name = name, .is_forced = is_forced };
	int r = remove_locked(&removal, in_use, err);

	image_free(removal.image);
	if (r == 0 && removal.deleted.count > 0)
		r = store_sweep_unreferenced(store, err);
	if (r < 0) {
		strv_done(&removal.untagged);
		strv_done(&removal.deleted);
		return -1;
	}
	*ret_untagged = removal.untagged;
	*ret_deleted = removal.deleted;
	return 0;
}
