/* environment.c - --env and --env-file, as docker reads them. */
#include "cli/environment.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/strv.h"
#include "base/text.h"

#define ENV_FILE_LIMIT (1UL << 20)

int option_env(void *target, const char *value, struct zl_error *err)
{
	const char *own;

	if (*value == '\0' || *value == '=')
		return usage_error(err, "%s: NAME=VALUE or NAME is wanted", value);
	if (strchr(value, '='))
		return strv_add(target, value) < 0 ? memory_error(err) : 0;
	own = getenv(value);
	if (own && strv_addf(target, "%s=%s", value, own) < 0)
		return memory_error(err);
	return 0;
}

int option_label(void *target, const char *value, struct zl_error *err)
{
	if (*value == '\0' || *value == '=')
		return usage_error(err, "%s: NAME=VALUE or NAME is wanted", value);
	if (strv_addf(target, "%s%s", value, strchr(value, '=') ? "" : "=") < 0)
		return memory_error(err);
	return 0;
}

static int read_line(struct strv *env, const char *line, struct zl_error *err)
{
	size_t name_length;

	line += strspn(line, " \t");
	if (*line == '\0' || *line == '#')
		return 0;
	name_length = strcspn(line, "=");
	if (strcspn(line, " \t") < name_length)
		return usage_error(err, "%.*s: a name has no blanks in it", (int)name_length, line);
	return option_env(env, line, err);
}

static int read_lines(struct strv *env, const char *path, char *text, struct zl_error *err)
{
	char *next;

	for (unsigned number = 1; text; text = next, number++) {
		next = strchr(text, '\n');
		if (next)
			*next++ = '\0';
		if (*text && text[strlen(text) - 1] == '\r')
			text[strlen(text) - 1] = '\0';
		if (read_line(env, text, err) < 0)
			return error_while(err, "%s:%u", path, number);
	}
	return 0;
}

int option_env_file(void *target, const char *value, struct zl_error *err)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	autofree char *text = NULL;
	size_t length;
	int r = file_read_at(AT_FDCWD, value, ENV_FILE_LIMIT, &text, &length);

	if (r < 0)
		return command_error(err, ZL_ERR_NOT_FOUND, -r, "%s", value);
	if (strlen(text) != length)
		return usage_error(err, "%s: it holds a NUL byte", value);
	return read_lines(target, value, text + (text_starts_with(text, byte_order_mark) ? 3 : 0), err);
}
