/* store_sweep.c - clearing away what nobody needs. */
#include "store/store_sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/hashmap.h"
#include "base/random.h"
#include "base/text.h"
#include "store/store_internal.h"
#include "store/store_layout.h"
#include "store/store_lock.h"

static DIR *open_listing(int storefd, const char *path)
{
	int fd = openat(storefd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void empty_tmp(int storefd)
{
	DIR *dir = open_listing(storefd, STORE_TMP);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (!is_dots(entry->d_name))
			dir_remove_tree(dirfd(dir), entry->d_name);
	closedir(dir);
}

void store_sweep_tmp(int storefd)
{
	autoclose int lock = store_lock_take(storefd, STORE_USE_ALONE);

	if (lock >= 0)
		empty_tmp(storefd);
}

/* Layers and blobs that some image refers to, as HEX. texts owns them. */
struct referenced {
	struct strv texts;
	struct hashmap set;
};

static int add_referenced(struct referenced *referenced, const struct strv *digests)
{
	for (size_t i = 0; i < digests->count; i++)
		if (strv_add(&referenced->texts, DIGEST_HEX(digests->items[i])) < 0)
			return -ENOMEM;
	return 0;
}

static int read_references(struct store *store, const char *id, struct referenced *referenced, struct error *err)
{
	autofree char *path = text_format(STORE_IMAGES "/%s", id);
	AUTO(image) image = NULL;
	AUTO_DONE(strv) blobs = { 0 };

	if (!path)
		return fail_oom(err);
	/* A record that cannot be read could refer to anything: then nothing is cleared away. */
	if (store_read_record(store, path, &image, &blobs, err) < 0)
		return -1;
	if (add_referenced(referenced, &blobs) < 0 || add_referenced(referenced, &image->config->diff_ids) < 0)
		return fail_oom(err);
	return 0;
}

static int find_references(struct store *store, struct referenced *referenced, struct error *err)
{
	DIR *dir = open_listing(store->fd, STORE_IMAGES);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return fail_errno(err, errno, STORE_IMAGES);
	while (r == 0 && (entry = readdir(dir)))
		if (!is_dots(entry->d_name))
			r = read_references(store, entry->d_name, referenced, err);
	closedir(dir);
	for (size_t i = 0; r == 0 && i < referenced->texts.count; i++)
		if (hashmap_put(&referenced->set, referenced->texts.items[i], referenced) == -ENOMEM)
			r = fail_oom(err);
	return r;
}

/* Renames it into tmp/; the rest is for empty_tmp. */
static void discard(int storefd, const char *directory, const char *name)
{
	char id[ID_HEX_SIZE], from[320], to[sizeof(STORE_TMP) + ID_HEX_SIZE];

	if (random_id(id) < 0)
		return;
	snprintf(from, sizeof(from), "%s/%s", directory, name);
	snprintf(to, sizeof(to), STORE_TMP "/%s", id);
	renameat(storefd, from, storefd, to);
}

static void discard_unreferenced(int storefd, const char *directory, const struct referenced *referenced)
{
	DIR *dir = open_listing(storefd, directory);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (!is_dots(entry->d_name) && !hashmap_get(&referenced->set, entry->d_name))
			discard(storefd, directory, entry->d_name);
	closedir(dir);
}

int store_sweep_unreferenced(struct store *store, struct error *err)
{
	autoclose int lock = store_lock_take(store->fd, STORE_USE_ALONE);
	struct referenced referenced = { 0 };
	int r;

	if (lock < 0)
		return 0;
	r = find_references(store, &referenced, err);
	if (r == 0) {
		discard_unreferenced(store->fd, STORE_LAYERS, &referenced);
		discard_unreferenced(store->fd, STORE_BLOBS, &referenced);
	}
	hashmap_done(&referenced.set);
	strv_done(&referenced.texts);
	empty_tmp(store->fd);
	return r;
}
