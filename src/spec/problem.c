/* problem.c - what a spec's reader has to say, collected and printed. */
#include "spec/problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void spec_problems_done(struct spec_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->items[i].path);
		free(problems->items[i].text);
	}
	free(problems->items);
	*problems = (struct spec_problems){ 0 };
}

static int keep(struct spec_problems *problems, const struct spec_problem *p)
{
	if (!p->path || !p->text)
		return -ENOMEM;
	if (array_reserve((void **)&problems->items, &problems->capacity, problems->count + 1, sizeof(*p)) < 0)
		return -ENOMEM;
	problems->items[problems->count++] = *p;
	return 0;
}

/* With no room left, the graver ones are kept: they decide. The last of the least grave that is less so than this. */
static struct spec_problem *lesser(struct spec_problems *problems, enum spec_severity severity)
{
	struct spec_problem *found = NULL;

	for (size_t i = problems->count; i-- > 0;)
		if (problems->items[i].severity > severity && (!found || problems->items[i].severity > found->severity))
			found = &problems->items[i];
	return found;
}

static int replace(struct spec_problem *old, const struct spec_problem *p)
{
	if (!p->path || !p->text)
		return -ENOMEM;
	free(old->path);
	free(old->text);
	*old = *p;
	return 0;
}

bool spec_problems_drop(struct spec_problems *problems, enum spec_severity severity)
{
	if (problems->count < SPEC_PROBLEMS_MAX || lesser(problems, severity))
		return false;
	problems->errors += severity == SPEC_ERROR;
	problems->left_out++;
	return true;
}

int spec_problems_add(struct spec_problems *problems, enum spec_severity severity, unsigned line, unsigned column,
		      const char *path, const char *fmt, ...)
{
	struct spec_problem p = { severity, line, column, NULL, NULL };
	bool is_full = problems->count >= SPEC_PROBLEMS_MAX;
	va_list ap;
	int r;

	if (spec_problems_drop(problems, severity))
		return 0;
	problems->errors += severity == SPEC_ERROR;
	problems->left_out += is_full;
	p.path = strdup(path);
	va_start(ap, fmt);
	if (vasprintf(&p.text, fmt, ap) < 0)
		p.text = NULL;
	va_end(ap);
	r = is_full ? replace(lesser(problems, severity), &p) : keep(problems, &p);
	if (r < 0) {
		free(p.path);
		free(p.text);
	}
	return r;
}

static int compare(const void *a, const void *b)
{
	const struct spec_problem *p = a, *q = b;

	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	if (p->column != q->column)
		return p->column < q->column ? -1 : 1;
	return strcmp(p->path, q->path);
}

void spec_problems_sort(struct spec_problems *problems)
{
	if (problems->count > 1)
		qsort(problems->items, problems->count, sizeof(*problems->items), compare);
}

size_t spec_problems_count(const struct spec_problems *problems, enum spec_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < problems->count; i++)
		n += problems->items[i].severity == severity;
	return n;
}

static const char *label(enum spec_severity severity)
{
	switch (severity) {
	case SPEC_ERROR:
	case SPEC_REFUSED: /* the text itself says "not in effect on this node" */
	case SPEC_IGNORED:
		return "";
	case SPEC_FLAW:
		return "cannot run: ";
	case SPEC_WARNING:
		return "warning: ";
	}
	return "";
}

/* Names and values of the text stand in messages: a control character never reaches the terminal. */
static void add_printable(struct strbuf *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		if (*p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			strbuf_addf(out, "\\x%02x", *p);
		else
			strbuf_add_char(out, (char)*p);
}

void spec_problems_print(const struct spec_problems *problems, const char *file_name, enum spec_severity last,
			 struct strbuf *out)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct spec_problem *p = &problems->items[i];

		if (p->severity > last)
			continue;
		strbuf_addf(out, "%s:%u:%u: %s", file_name, p->line, p->column, label(p->severity));
		add_printable(out, p->path);
		strbuf_add_text(out, *p->path ? ": " : "");
		add_printable(out, p->text);
		strbuf_add_char(out, '\n');
	}
	if (problems->left_out)
		strbuf_addf(out, "%s: and %zu more\n", file_name, problems->left_out);
}

int spec_check_deployable(const struct spec_problems *problems, struct error *err)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct spec_problem *p = &problems->items[i];

		if (p->severity <= SPEC_REFUSED)
			return fail(err, p->severity == SPEC_REFUSED ? ERR_UNSUPPORTED : ERR_INVALID_SPEC,
				    "%u:%u: %.120s: %.300s", p->line, p->column, p->path, p->text);
	}
	return 0;
}
