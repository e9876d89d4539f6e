/* store_open.c - opening a store: its directories, its path. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "store/store_internal.h"
#include "store/store_layout.h"

static int make_directories(int fd)
{
	static const char *const directories[] = { STORE_BLOBS, STORE_LAYERS, STORE_IMAGES, STORE_NAMES, STORE_TMP };

	/* Made last, so where it is the others are. */
	if (file_exists_at(fd, STORE_TMP))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		autoclose int made = dir_open_make(fd, directories[i], 0700);

		if (made < 0)
			return made;
	}
	return 0;
}

static int open_directory(struct store *store, const char *root_dir, struct error *err)
{
	autofree char *path = text_format("%s/store", root_dir);
	int r;

	if (!path)
		return fail_oom(err);
	store->fd = dir_open_make(AT_FDCWD, path, 0700);
	if (store->fd < 0)
		return fail_errno(err, store->fd, "store %s", path);
	r = make_directories(store->fd);
	if (r < 0)
		return fail_errno(err, r, "store %s", path);
	/* The caller's working directory may change; the layers' paths must not. */
	store->path = path[0] == '/' ? TAKE_PTR(path) : realpath(path, NULL);
	return store->path ? 0 : fail_errno(err, errno, "store %s", root_dir);
}

struct store *store_open(const char *root_dir, const char *program, struct error *err)
{
	AUTO(store) store = calloc(1, sizeof(*store));

	if (!store) {
		fail_oom(err);
		return NULL;
	}
	store->fd = -1;
	store->limits = STORE_LIMITS_DEFAULT;
	store->program = program ? strdup(program) : NULL;
	if (program && !store->program) {
		fail_oom(err);
		return NULL;
	}
	if (open_directory(store, root_dir, err) < 0)
		return NULL;
	return TAKE_PTR(store);
}

void store_set_limits(struct store *store, const struct store_limits *limits)
{
	store->limits = *limits;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	if (store->fd >= 0)
		close(store->fd);
	free(store->path);
	free(store->program);
	free(store);
}
