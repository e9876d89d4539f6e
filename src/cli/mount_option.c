/* mount_option.c - --volume, --mount and --tmpfs, as docker reads them. */
#include "cli/mount_option.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/option_value.h"

void mount_list_done(struct mount_list *list)
{
	free(list->items);
	strv_done(&list->texts);
	*list = (struct mount_list){ 0 };
}

/* NULL when memory is out. */
static const char *keep(struct mount_list *list, const char *text, size_t length)
{
	if (strv_add_len(&list->texts, text, length) < 0)
		return NULL;
	return list->texts.items[list->texts.count - 1];
}

static int add_mount(struct mount_list *list, const struct zl_mount *mount, struct zl_error *err)
{
	if (!mount->target || *mount->target != '/')
		return usage_error(err, "%s: the target is an absolute path in the container",
				   mount->target ? mount->target : "no target");
	if (array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof(*list->items)) < 0)
		return memory_error(err);
	list->items[list->count++] = *mount;
	return 0;
}

/* The next field of a list, *at moving behind it and its separator; false at the end. */
static bool next_field(const char **at, char separator, const char **ret, size_t *ret_length)
{
	const char *end;

	if (!*at)
		return false;
	end = strchr(*at, separator);
	*ret = *at;
	*ret_length = end ? (size_t)(end - *at) : strlen(*at);
	*at = end ? end + 1 : NULL;
	return true;
}

/* A relative path is meant from here, whatever the agent's directory is. */
static int keep_host_path(struct mount_list *list, const char *path, const char **ret, struct zl_error *err)
{
	autofree char *resolved = *path == '/' ? strdup(path) : realpath(path, NULL);

	if (!resolved)
		return command_error(err, ZL_ERR_NOT_FOUND, errno, "%s", path);
	if (access(resolved, F_OK) < 0)
		return command_error(err, ZL_ERR_NOT_FOUND, errno, "%s", path);
	*ret = keep(list, resolved, strlen(resolved));
	return *ret ? 0 : memory_error(err);
}

static bool is_volume_name(const char *text)
{
	return text_is_made_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") &&
	       !strchr("_.-", *text);
}

static int set_source(struct mount_list *list, struct zl_mount *mount, const char *source, struct zl_error *err)
{
	if (strchr(source, '/') || *source == '.') {
		mount->type = ZL_MOUNT_BIND;
		return keep_host_path(list, source, &mount->source, err);
	}
	if (!is_volume_name(source))
		return usage_error(err, "%s: neither an absolute path nor a volume's name", source);
	mount->type = ZL_MOUNT_VOLUME;
	mount->source = source;
	return 0;
}

static int apply_volume_options(struct zl_mount *mount, const char *options, struct zl_error *err)
{
	const char *word;
	size_t length;

	while (next_field(&options, ',', &word, &length)) {
		if (length != 2 || (memcmp(word, "ro", 2) != 0 && memcmp(word, "rw", 2) != 0))
			return command_error(err, ZL_ERR_UNSUPPORTED, 0, "%.*s: not available yet (ro and rw are)",
					     (int)length, word);
		mount->is_read_only = word[1] == 'o';
	}
	return 0;
}

int option_volume(void *target, const char *value, struct zl_error *err)
{
	struct mount_list *list = target;
	struct zl_mount mount = { .type = ZL_MOUNT_ANONYMOUS };
	const char *fields[3] = { NULL, NULL, NULL }, *at = value, *field;
	size_t n = 0, length;

	while (next_field(&at, ':', &field, &length)) {
		if (n == ARRAY_SIZE(fields) || length == 0)
			return usage_error(err, "%s: [SOURCE:]TARGET[:ro] is wanted", value);
		fields[n] = keep(list, field, length);
		if (!fields[n++])
			return memory_error(err);
	}
	mount.target = n == 1 ? fields[0] : fields[1];
	if (n > 1 && set_source(list, &mount, fields[0], err) < 0)
		return -1;
	if (apply_volume_options(&mount, fields[2], err) < 0)
		return -1;
	return add_mount(list, &mount, err);
}

/* ---- keys of --mount and --tmpfs ---- */

struct mount_reading {
	struct mount_list *list;
	struct zl_mount mount;
	const char *source; /* kept: what it means hangs on the type, which may come later */
};

static int set_type(struct mount_reading *r, const char *value, struct zl_error *err)
{
	static const struct {
		const char *name;
		enum zl_mount_type type;
	} types[] = { { "bind", ZL_MOUNT_BIND }, { "volume", ZL_MOUNT_VOLUME }, { "tmpfs", ZL_MOUNT_TMPFS } };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(value, types[i].name) == 0) {
			r->mount.type = types[i].type;
			return 0;
		}
	}
	return usage_error(err, "type=%s: bind, volume or tmpfs is wanted", value);
}

static int set_mount_source(struct mount_reading *r, const char *value, struct zl_error *err)
{
	r->source = keep(r->list, value, strlen(value));
	return r->source ? 0 : memory_error(err);
}

static int set_target(struct mount_reading *r, const char *value, struct zl_error *err)
{
	r->mount.target = keep(r->list, value, strlen(value));
	return r->mount.target ? 0 : memory_error(err);
}

static int set_read_only(struct mount_reading *r, const char *value, struct zl_error *err)
{
	return option_flag(&r->mount.is_read_only, value, err);
}

static int set_writable(struct mount_reading *r, const char *value, struct zl_error *err)
{
	(void)value, (void)err;
	r->mount.is_read_only = false;
	return 0;
}

static int set_size(struct mount_reading *r, const char *value, struct zl_error *err)
{
	return option_bytes(&r->mount.size_bytes, value, err);
}

static int set_mode(struct mount_reading *r, const char *value, struct zl_error *err)
{
	if (!text_is_made_of(value, "01234567") || strlen(value) > 5)
		return usage_error(err, "mode %s: octal digits are wanted, such as 1777", value);
	r->mount.mode = (uint32_t)strtoul(value, NULL, 8);
	if (r->mount.mode > 07777)
		return usage_error(err, "mode %s: at most 7777", value);
	return 0;
}

struct mount_key {
	const char *name;
	bool needs_value;
	int (*set)(struct mount_reading *r, const char *value, struct zl_error *err);
};

static const struct mount_key mount_keys[] = {
	{ "type", true, set_type },
	{ "source", true, set_mount_source },
	{ "src", true, set_mount_source },
	{ "target", true, set_target },
	{ "dst", true, set_target },
	{ "destination", true, set_target },
	{ "readonly", false, set_read_only },
	{ "ro", false, set_read_only },
	{ "tmpfs-size", true, set_size },
	{ "tmpfs-mode", true, set_mode },
	{ NULL, false, NULL },
};

static const struct mount_key tmpfs_keys[] = {
	{ "size", true, set_size },    { "mode", true, set_mode }, { "ro", false, set_read_only },
	{ "rw", false, set_writable }, { NULL, false, NULL },
};

static int apply_key(struct mount_reading *r, const struct mount_key *keys, const char *field, struct zl_error *err)
{
	const char *value = strchr(field, '=');
	size_t length = value ? (size_t)(value - field) : strlen(field);

	value = value ? value + 1 : NULL;
	for (; keys->name; keys++) {
		if (strlen(keys->name) != length || memcmp(field, keys->name, length) != 0)
			continue;
		if (keys->needs_value && (!value || !*value))
			return usage_error(err, "%s: needs a value", keys->name);
		return keys->set(r, value, err);
	}
	return command_error(err, ZL_ERR_UNSUPPORTED, 0, "%.*s: unknown, or not available yet", (int)length, field);
}

static int apply_keys(struct mount_reading *r, const struct mount_key *keys, const char *text, struct zl_error *err)
{
	const char *field;
	size_t length;

	while (next_field(&text, ',', &field, &length)) {
		autofree char *word = strndup(field, length);

		if (!word)
			return memory_error(err);
		if (apply_key(r, keys, word, err) < 0)
			return -1;
	}
	return 0;
}

/* Once type and source are both known. */
static int settle_source(struct mount_reading *r, struct zl_error *err)
{
	struct zl_mount *mount = &r->mount;

	if (mount->type == ZL_MOUNT_TMPFS)
		return r->source ? usage_error(err, "source: a tmpfs has none") : 0;
	if (mount->type == ZL_MOUNT_BIND) {
		if (!r->source)
			return usage_error(err, "source: a bind mount needs one");
		return keep_host_path(r->list, r->source, &mount->source, err);
	}
	if (!r->source)
		mount->type = ZL_MOUNT_ANONYMOUS;
	else if (!is_volume_name(r->source))
		return usage_error(err, "source=%s: not a volume's name (a path is type=bind)", r->source);
	mount->source = r->source;
	return 0;
}

int option_mount(void *target, const char *value, struct zl_error *err)
{
	struct mount_reading r = { .list = target, .mount = { .type = ZL_MOUNT_VOLUME } };

	if (apply_keys(&r, mount_keys, value, err) < 0 || settle_source(&r, err) < 0)
		return -1;
	if (r.mount.type != ZL_MOUNT_TMPFS && (r.mount.size_bytes || r.mount.mode))
		return usage_error(err, "tmpfs-size and tmpfs-mode are for type=tmpfs");
	return add_mount(r.list, &r.mount, err);
}

int option_tmpfs(void *target, const char *value, struct zl_error *err)
{
	struct mount_reading r = { .list = target, .mount = { .type = ZL_MOUNT_TMPFS } };
	const char *options = strchr(value, ':');

	r.mount.target = keep(r.list, value, options ? (size_t)(options - value) : strlen(value));
	if (!r.mount.target)
		return memory_error(err);
	if (options && apply_keys(&r, tmpfs_keys, options + 1, err) < 0)
		return -1;
	return add_mount(r.list, &r.mount, err);
}
