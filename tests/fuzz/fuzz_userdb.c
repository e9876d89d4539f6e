/* fuzz_userdb.c - a user text, a passwd file and a group file, each ended by a NUL (the last by the end). */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "sys/userdb.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next part of the input; the caller's, NUL-terminated. The group file alone may hold NULs. */
static char *next_part(const uint8_t **data, size_t *size, size_t *ret_len, int is_last)
{
	const uint8_t *end = *size > 0 && !is_last ? memchr(*data, 0, *size) : NULL;
	char *part;

	*ret_len = end ? (size_t)(end - *data) : *size;
	part = memory_dup(*data, *ret_len);
	*size -= *ret_len + (end != NULL);
	*data += *ret_len + (end != NULL);
	return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t text_len, passwd_len, group_len;
	autofree char *text = next_part(&data, &size, &text_len, 0);
	autofree char *passwd = next_part(&data, &size, &passwd_len, 0);
	autofree char *group = next_part(&data, &size, &group_len, 1);
	AUTO_DONE(userdb_user) user = { 0 };

	if (!text || !passwd || !group || userdb_resolve_texts(passwd, passwd_len, group, group_len, text, &user) < 0)
		return 0;
	if (!user.home || user.n_groups == 0 || user.groups[0] != user.gid || user.uid == UINT32_MAX)
		abort();
	/* What starts with a digit is that number. */
	if (text[0] >= '0' && text[0] <= '9' && user.uid != (uint32_t)strtoul(text, NULL, 10))
		abort();
	return 0;
}
