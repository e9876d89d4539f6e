/* ulimit_option.c - --ulimit NAME=SOFT[:HARD], as docker reads it. */
#include "cli/ulimit_option.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static const char *const names[] = {
	"as",   "core",   "cpu",   "data", "fsize",  "locks",  "memlock",    "msgqueue",
	"nice", "nofile", "nproc", "rss",  "rtprio", "rttime", "sigpending", "stack",
};

void ulimit_list_done(struct ulimit_list *list)
{
	free(list->items);
	*list = (struct ulimit_list){ 0 };
}

static const char *find_name(const char *text, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strlen(names[i]) == length && memcmp(names[i], text, length) == 0)
			return names[i];
	return NULL;
}

static int parse_limit(const char *text, uint64_t *ret)
{
	if (strcmp(text, "-1") != 0 && strcmp(text, "unlimited") != 0)
		return parse_u64(text, ret);
	*ret = ZL_UNLIMITED;
	return 0;
}

static int put_ulimit(struct ulimit_list *list, const struct zl_ulimit *limit, struct zl_error *err)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->items[i].name == limit->name)
			break;
	if (array_reserve((void **)&list->items, &list->capacity, list->count + 1, sizeof(*list->items)) < 0)
		return memory_error(err);
	list->items[i] = *limit;
	if (i == list->count)
		list->count++;
	return 0;
}

int option_ulimit(void *target, const char *value, struct zl_error *err)
{
	size_t length = strcspn(value, "=");
	struct zl_ulimit limit = { .name = find_name(value, length) };
	autofree char *numbers = strdup(value[length] ? value + length + 1 : "");
	char *colon;

	if (!numbers)
		return memory_error(err);
	if (!limit.name)
		return usage_error(err, "%.*s: no such limit", (int)length, value);
	colon = strchr(numbers, ':');
	if (colon)
		*colon++ = '\0';
	if (parse_limit(numbers, &limit.soft) < 0 || parse_limit(colon ? colon : numbers, &limit.hard) < 0)
		return usage_error(err, "%s: %s=SOFT[:HARD] is wanted", value, limit.name);
	if (limit.soft > limit.hard)
		return usage_error(err, "%s: the soft limit is above the hard one", value);
	return put_ulimit(target, &limit, err);
}
