/* strv.c - a list of strings. */
#include "base/strv.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/strbuf.h"

void strv_done(struct strv *v)
{
	for (size_t i = 0; i < v->count; i++)
		free(v->items[i]);
	free(v->items);
	*v = (struct strv){ 0 };
}

int strv_add_take(struct strv *v, char *text)
{
	if (!text)
		return -ENOMEM;
	if (array_reserve((void **)&v->items, &v->capacity, v->count + 2, sizeof(char *)) < 0) {
		free(text);
		return -ENOMEM;
	}
	v->items[v->count++] = text;
	v->items[v->count] = NULL;
	return 0;
}

int strv_add(struct strv *v, const char *text)
{
	return strv_add_take(v, strdup(text));
}

int strv_add_len(struct strv *v, const char *text, size_t len)
{
	return strv_add_take(v, memory_dup(text, len));
}

int strv_addf(struct strv *v, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	int r;

	va_start(args, fmt);
	r = vasprintf(&text, fmt, args);
	va_end(args);
	return r < 0 ? -ENOMEM : strv_add_take(v, text);
}

int strv_copy(struct strv *v, const struct strv *from)
{
	AUTO_DONE(strv) copy = { 0 };

	for (size_t i = 0; i < from->count; i++)
		if (strv_add(&copy, from->items[i]) < 0)
			return -ENOMEM;
	*v = copy;
	copy = (struct strv){ 0 };
	return 0;
}

bool strv_equal(const struct strv *a, const struct strv *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return true;
}

bool strv_contains(const struct strv *v, const char *text)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->items[i], text) == 0)
			return true;
	return false;
}

static char **env_find(const struct strv *v, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < v->count; i++)
		if (strncmp(v->items[i], name, len) == 0 && v->items[i][len] == '=')
			return &v->items[i];
	return NULL;
}

const char *strv_env_get(const struct strv *v, const char *name)
{
	char **entry = env_find(v, name);

	return entry ? *entry + strlen(name) + 1 : NULL;
}

int strv_env_set(struct strv *v, const char *name, const char *value)
{
	char **entry = env_find(v, name), *text = text_format("%s=%s", name, value);

	if (!entry || !text)
		return strv_add_take(v, text);
	free(*entry);
	*entry = text;
	return 0;
}
