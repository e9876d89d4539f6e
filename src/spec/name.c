/* name.c - which texts may be names. */
#include "spec/name.h"

#include <string.h>

#include "base/text.h"

static bool is_label(const char *text, size_t longest)
{
	size_t len = strlen(text);

	return len >= 1 && len <= longest && text_is_made_of(text, NAME_LOWER NAME_DIGITS "-") && text[0] != '-' &&
	       text[len - 1] != '-';
}

bool name_is_dns_label(const char *text)
{
	return is_label(text, 63);
}

bool name_is_role(const char *text)
{
	return is_label(text, 30) && strchr(NAME_LOWER, text[0]);
}

bool name_is_hostname(const char *text)
{
	size_t len = strlen(text);

	if (len < 1 || len > 64 || !text_is_made_of(text, NAME_ALPHANUMERIC "-."))
		return false;
	for (const char *p = text; *p; p++) {
		bool at_edge = p == text || !p[1] || p[-1] == '.' || p[1] == '.';

		if (at_edge && !strchr(NAME_ALPHANUMERIC, *p) && !(*p == '.' && p != text && p[1] && p[1] != '.'))
			return false;
	}
	return true;
}
