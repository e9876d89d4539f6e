/* discover.c - the spec of a directory when none was named. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "spec/spec.h"

static const char *const well_known[] = { ".zlayer.yml", ".zlayer.yaml", "zlayer.yml", "zlayer.yaml" };

static bool is_file(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, 0) == 0 && S_ISREG(st.st_mode);
}

/* NAME.zlayer.yml, zlayer.NAME.yml and the same with yaml; NAME is not empty and does not begin with a dot. */
static bool is_candidate(const char *name)
{
	bool is_yaml = text_ends_with(name, ".yml") || text_ends_with(name, ".yaml");

	if (name[0] == '.')
		return false;
	return text_ends_with(name, ".zlayer.yml") || text_ends_with(name, ".zlayer.yaml") ||
	       (text_starts_with(name, "zlayer.") && is_yaml && strcmp(name, "zlayer.yml") != 0 &&
		strcmp(name, "zlayer.yaml") != 0);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int collect(int dirfd, struct strv *ret)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			close(fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir)))
		if (is_candidate(entry->d_name) && is_file(dirfd, entry->d_name))
			r = strv_add(ret, entry->d_name);
	closedir(dir);
	if (ret->count > 1)
		qsort(ret->items, ret->count, sizeof(char *), compare);
	return r;
}

static int fail_several(const struct strv *names, struct error *err)
{
	AUTO_DONE(strbuf) all = { 0 };

	for (size_t i = 0; i < names->count; i++)
		strbuf_addf(&all, "%s%s", i ? ", " : "", names->items[i]);
	return fail(err, ERR_CONFLICT, "several specs stand here: %s (name one)", strbuf_peek(&all));
}

static int give(const char *name, char **ret, struct error *err)
{
	char *copy = strdup(name);

	if (!copy)
		return fail_oom(err);
	*ret = copy;
	return 0;
}

int spec_discover(int dirfd, char **ret, struct error *err)
{
	AUTO_DONE(strv) names = { 0 };
	int r;

	for (size_t i = 0; i < ARRAY_SIZE(well_known); i++)
		if (is_file(dirfd, well_known[i]))
			return give(well_known[i], ret, err);
	r = collect(dirfd, &names);
	if (r < 0)
		return fail_errno(err, r, "look for a spec");
	if (names.count > 1)
		return fail_several(&names, err);
	if (names.count == 0)
		return fail(err, ERR_NOT_FOUND, "no spec stands here (zlayer.yml, or NAME.zlayer.yml)");
	return give(names.items[0], ret, err);
}
