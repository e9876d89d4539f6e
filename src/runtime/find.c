/* find.c - which container a user means.
 *
 * What `ps` prints as an id, 12 digits and more, is an id before it is a name, so no name can capture it. A shorter
 * text that could be either is a name first: a container called `db` is never mistaken for one whose id happens to
 * begin so.
 */
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "runtime/runtime.h"

#define SHORT_ID_LENGTH 12
#define CANDIDATES_SHOWN 8

typedef bool (*matcher)(const struct container_info *info, const char *text);

static bool has_id_prefix(const struct container_info *info, const char *text)
{
	return text_starts_with(info->id, text);
}

static bool has_short_id(const struct container_info *info, const char *text)
{
	return strlen(text) >= SHORT_ID_LENGTH && has_id_prefix(info, text);
}

static bool has_name(const struct container_info *info, const char *text)
{
	return info->name && strcmp(info->name, text) == 0;
}

static bool has_service(const struct container_info *info, const char *text)
{
	return info->service && strcmp(info->service, text) == 0;
}

static const matcher matchers[] = { has_short_id, has_name, has_id_prefix, has_service };

static int fail_ambiguous(const struct container_list *list, matcher matches, const char *text, struct error *err)
{
	AUTO_DONE(strbuf) candidates = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct container_info *info = list->items[i];

		if (!matches(info, text))
			continue;
		if (count++ < CANDIDATES_SHOWN)
			strbuf_addf(&candidates, "%s%s (%.*s)", count > 1 ? ", " : "", info->name ? info->name : "-",
				    SHORT_ID_LENGTH, info->id);
	}
	if (count > CANDIDATES_SHOWN)
		strbuf_addf(&candidates, " and %zu more", count - CANDIDATES_SHOWN);
	return fail(err, ERR_CONFLICT, "container %s: more than one is meant: %s", text, strbuf_peek(&candidates));
}

/* 1: *ret is the only one; 0: none; -1: several. */
static int find_only(const struct container_list *list, matcher matches, const char *text,
		     const struct container_info **ret, struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		if (matches(list->items[i], text) && count++ == 0)
			*ret = list->items[i];
	return count > 1 ? fail_ambiguous(list, matches, text, err) : (int)count;
}

int runtime_find(struct runtime *rt, const char *text, char ret_id[ID_HEX_SIZE], struct error *err)
{
	AUTO_DONE(container_list) list = { 0 };
	const struct container_info *found = NULL;
	int r = 0;

	if (!*text)
		return fail(err, ERR_NOT_FOUND, "container: an empty name means none");
	if (runtime_list(rt, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(matchers) && r == 0; i++)
		r = find_only(&list, matchers[i], text, &found, err);
	if (r < 0)
		return -1;
	if (r == 0)
		return fail(err, ERR_NOT_FOUND, "container %s: there is none of this id, name or service", text);
	memcpy(ret_id, found->id, ID_HEX_SIZE);
	return 0;
}
