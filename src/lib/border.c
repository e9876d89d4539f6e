/* border.c - what crosses from the public API to the inside and back. */
#include "lib/border.h"

#include <string.h>

#define X(kind, name, cli, http) \
	_Static_assert((int)ZL_ERR_##kind == (int)ERR_##kind, "the public kind " name " has its own number");
ERROR_KINDS(X)
#undef X
_Static_assert(sizeof(struct zl_error) == sizeof(struct error) &&
		       sizeof(((struct zl_error *)0)->msg) == sizeof(((struct error *)0)->msg),
	       "struct zl_error has the shape of struct error");

int border_fail(struct zl_error *ret, const struct error *err)
{
	if (!ret)
		return -1;
	ret->kind = (enum zl_error_kind)err->kind;
	ret->os_errno = err->os_errno;
	memcpy(ret->msg, err->msg, sizeof(ret->msg));
	return -1;
}

const char *zl_error_kind_name(enum zl_error_kind kind)
{
	return error_kind_name((enum error_kind)kind);
}

int zl_error_exit_status(enum zl_error_kind kind)
{
	return error_kind_exit_status((enum error_kind)kind);
}

static int check_unknown_part(const unsigned char *bytes, size_t from, size_t to, struct error *err)
{
	for (; from < to; from++)
		if (bytes[from] != 0)
			return fail(err, ERR_UNSUPPORTED, "options: a member that is set is not known to this version");
	return 0;
}

int border_read_options(void *ret, size_t known, const void *given, struct error *err)
{
	size_t size = 0;

	memset(ret, 0, known);
	if (!given)
		return 0;
	memcpy(&size, given, sizeof(size));
	if (size < sizeof(size) || size > 65536)
		return fail(err, ERR_INVALID_SPEC, "options: their size member is not set");
	if (check_unknown_part(given, known < size ? known : size, size, err) < 0)
		return -1;
	memcpy(ret, given, size < known ? size : known);
	return 0;
}

int border_read_strings(struct strv *ret, const char *const *list, struct error *err)
{
	for (; list && *list; list++)
		if (strv_add(ret, *list) < 0)
			return fail_oom(err);
	return 0;
}

int border_give_strings(char ***ret, struct strv *list, struct error *err)
{
	if (!list->items) {
		list->items = calloc(1, sizeof(*list->items));
		if (!list->items)
			return fail_oom(err);
	}
	*ret = list->items;
	*list = (struct strv){ 0 };
	return 0;
}

const char *const *border_peek_strings(const struct strv *list)
{
	static const char *const none[] = { NULL };

	return list->items ? (const char *const *)list->items : none;
}

void zl_strings_free(char **strings)
{
	for (char **text = strings; text && *text; text++)
		free(*text);
	free(strings);
}
