/* env_reference.c - values of env that stand for something else. */
#include "spec/env_reference.h"

#include <string.h>

#include "base/text.h"

#define NAME_MAX_LENGTH 253

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_part(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static int check_name(const char *what, struct env_reference_part part, const char *value, struct error *err)
{
	if (part.len == 0)
		return fail(err, ERR_INVALID_SPEC, "the %s is missing in `%.100s`", what, value);
	if (!is_letter(part.text[0]))
		return fail(err, ERR_INVALID_SPEC, "the %s in `%.100s` does not begin with a letter", what, value);
	for (size_t i = 0; i < part.len; i++)
		if (!is_name_part(part.text[i]))
			return fail(err, ERR_INVALID_SPEC,
				    "the %s in `%.100s` holds other than letters, digits, `-` and `_`", what, value);
	if (part.len > NAME_MAX_LENGTH)
		return fail(err, ERR_INVALID_SPEC, "the %s is longer than %d characters", what, NAME_MAX_LENGTH);
	return 0;
}

static struct env_reference_part part_until(const char **p, const char *end)
{
	struct env_reference_part part = { *p, (size_t)(end - *p) };

	*p = *end ? end + 1 : end;
	return part;
}

/* What stands before the first '/': @service, :env or project:env. */
static int parse_scope(const char **p, const char *value, struct env_reference *r, struct error *err)
{
	const char *slash = strchr(*p, '/'), *colon = strchr(*p, ':');
	bool has_colon = colon && (!slash || colon < slash);

	if (**p != '@' && !has_colon)
		return 0;
	if (!slash)
		return fail(err, ERR_INVALID_SPEC, "`/name` is missing in `%.100s`", value);
	if (**p == '@') {
		(*p)++;
		r->service = part_until(p, slash);
		return check_name("service", r->service, value, err);
	}
	r->project = part_until(p, colon);
	r->environment = part_until(p, slash);
	if (r->project.len > 0 && check_name("project", r->project, value, err) < 0)
		return -1;
	return check_name("environment", r->environment, value, err);
}

static int parse_secret(const char *value, struct env_reference *r, struct error *err)
{
	const char *p = value + 3, *slash;

	r->kind = ENV_SECRET;
	if (parse_scope(&p, value, r, err) < 0)
		return -1;
	slash = strchr(p, '/');
	r->name = part_until(&p, slash ? slash : p + strlen(p));
	if (check_name("secret's name", r->name, value, err) < 0)
		return -1;
	if (!slash)
		return 0;
	r->field = part_until(&p, p + strlen(p));
	return check_name("field", r->field, value, err);
}

int env_reference_parse(const char *value, struct env_reference *ret, struct error *err)
{
	struct env_reference r = { .kind = ENV_LITERAL };

	if (text_starts_with(value, "$S:")) {
		if (parse_secret(value, &r, err) < 0)
			return -1;
	} else if (text_starts_with(value, "$E:")) {
		r.kind = ENV_VARIABLE;
		r.name = (struct env_reference_part){ value + 3, strlen(value + 3) };
		if (r.name.len == 0 || strchr(r.name.text, '='))
			return fail(err, ERR_INVALID_SPEC, "`%.100s` names no variable (write $E:NAME)", value);
	}
	*ret = r;
	return 0;
}

bool env_reference_is_buried(const char *value)
{
	return *value && (strstr(value + 1, "$E:") || strstr(value + 1, "$S:"));
}
