/* store_names.c - names/: one symlink a name. */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#include "base/text.h"
#include "oci/reference.h"
#include "store/store_internal.h"
#include "store/store_layout.h"

static void swap_characters(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

int store_name_file(const char *reference, char **ret_file, char **ret_full, struct error *err)
{
	struct image_reference parsed = { 0 };
	autofree char *full = NULL, *file = NULL;

	if (image_reference_parse(reference, &parsed, err) < 0)
		return -1;
	full = image_reference_full_name(&parsed);
	image_reference_done(&parsed);
	file = full ? strdup(full) : NULL;
	if (!file)
		return fail_oom(err);
	if (strlen(file) > STORE_NAME_MAX)
		return fail(err, ERR_INVALID_SPEC, "image name %.60s...: longer than %d characters", full,
			    STORE_NAME_MAX);
	/* No reference has a per cent sign in it. */
	swap_characters(file, '/', '%');
	*ret_file = TAKE_PTR(file);
	if (ret_full)
		*ret_full = TAKE_PTR(full);
	return 0;
}

typedef int (*name_visitor)(void *context, const char *name, const char *hex);

static int visit_name(int dirfd, const char *file, name_visitor visit, void *context)
{
	char target[sizeof("../" STORE_IMAGES "/") + 64];
	ssize_t len = readlinkat(dirfd, file, target, sizeof(target) - 1);
	autofree char *name = NULL;

	if (len < 0)
		return 0;
	target[len] = '\0';
	if (!text_starts_with(target, "../" STORE_IMAGES "/"))
		return 0;
	name = strdup(file);
	if (!name)
		return -ENOMEM;
	swap_characters(name, '%', '/');
	return visit(context, name, strrchr(target, '/') + 1);
}

static int visit_names(struct store *store, name_visitor visit, void *context, struct error *err)
{
	int fd = openat(store->fd, STORE_NAMES, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (!dir) {
		r = fail_errno(err, errno, STORE_NAMES);
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		r = visit_name(fd, entry->d_name, visit, context);
	closedir(dir);
	return r < 0 ? fail_oom(err) : 0;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct strv *names)
{
	if (names->count > 1)
		qsort(names->items, names->count, sizeof(char *), compare_text);
}

static int add_if_own(void *context, const char *name, const char *hex)
{
	struct image *image = context;

	return strcmp(DIGEST_HEX(image->id), hex) == 0 ? strv_add(&image->names, name) : 0;
}

int store_add_names(struct store *store, struct image *image, struct error *err)
{
	if (visit_names(store, add_if_own, image, err) < 0)
		return -1;
	sort(&image->names);
	return 0;
}

static int compare_hex(const void *key, const void *item)
{
	return strcmp(key, DIGEST_HEX((*(struct image *const *)item)->id));
}

static int add_to_owner(void *context, const char *name, const char *hex)
{
	struct image_list *images = context;
	struct image **owner = bsearch(hex, images->items, images->count, sizeof(struct image *), compare_hex);

	return owner ? strv_add(&(*owner)->names, name) : 0;
}

int store_add_names_to_all(struct store *store, struct image_list *images, struct error *err)
{
	if (visit_names(store, add_to_owner, images, err) < 0)
		return -1;
	for (size_t i = 0; i < images->count; i++)
		sort(&images->items[i]->names);
	return 0;
}
