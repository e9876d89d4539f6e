/* json_writer.c - JSON as a stream of calls. */
#include "base/json_writer.h"

#include <math.h>
#include <string.h>

static void line_break(struct json_writer *w)
{
	if (!w->pretty)
		return;
	strbuf_add_char(w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		strbuf_add(w->out, "  ", 2);
}

/* Length of the UTF-8 sequence at p, or 0 when it is none. */
static size_t utf8_length(const unsigned char *p)
{
	size_t n = *p < 0x80                 ? 1
		   : *p >= 0xc2 && *p < 0xe0 ? 2
		   : *p >= 0xe0 && *p < 0xf0 ? 3
		   : *p >= 0xf0 && *p < 0xf5 ? 4
					     : 0;

	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((n == 3 && *p == 0xe0 && p[1] < 0xa0) || (n == 3 && *p == 0xed && p[1] > 0x9f))
		return 0;
	if ((n == 4 && *p == 0xf0 && p[1] < 0x90) || (n == 4 && *p == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

static const char *short_escape(unsigned char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void write_escaped(struct strbuf *out, unsigned char c)
{
	const char *escape = short_escape(c);

	if (escape)
		strbuf_add_text(out, escape);
	else
		strbuf_addf(out, "\\u%04x", c);
}

/* Most of what is written needs no second look. */
static size_t plain_length(const unsigned char *p)
{
	size_t n = 0;

	while (p[n] >= 0x20 && p[n] < 0x7f && p[n] != '"' && p[n] != '\\')
		n++;
	return n;
}

/* One character that is not plain; its length. */
static size_t write_special(struct strbuf *out, const unsigned char *p)
{
	size_t n = utf8_length(p);

	if (n == 0)
		strbuf_add_text(out, "\xef\xbf\xbd");
	else if (n == 1)
		write_escaped(out, *p);
	else
		strbuf_add(out, p, n);
	return n ? n : 1;
}

static void write_string(struct strbuf *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	strbuf_add_char(out, '"');
	while (*p) {
		size_t n = plain_length(p);

		if (n > 0)
			strbuf_add(out, p, n);
		else
			n = write_special(out, p);
		p += n;
	}
	strbuf_add_char(out, '"');
}

static void begin_value(struct json_writer *w, const char *key)
{
	if (w->has_items)
		strbuf_add_char(w->out, ',');
	if (w->depth > 0)
		line_break(w);
	w->has_items = true;
	if (!key)
		return;
	write_string(w->out, key);
	strbuf_add_text(w->out, w->pretty ? ": " : ":");
}

static void open_container(struct json_writer *w, const char *key, char bracket)
{
	begin_value(w, key);
	strbuf_add_char(w->out, bracket);
	w->depth++;
	w->has_items = false;
}

static void close_container(struct json_writer *w, char bracket)
{
	w->depth--;
	if (w->has_items)
		line_break(w);
	strbuf_add_char(w->out, bracket);
	w->has_items = true;
}

void json_open_object(struct json_writer *w, const char *key)
{
	open_container(w, key, '{');
}

void json_close_object(struct json_writer *w)
{
	close_container(w, '}');
}

void json_open_array(struct json_writer *w, const char *key)
{
	open_container(w, key, '[');
}

void json_close_array(struct json_writer *w)
{
	close_container(w, ']');
}

void json_put_text(struct json_writer *w, const char *key, const char *value)
{
	begin_value(w, key);
	if (value)
		write_string(w->out, value);
	else
		strbuf_add_text(w->out, "null");
}

void json_put_u64(struct json_writer *w, const char *key, uint64_t value)
{
	begin_value(w, key);
	strbuf_addf(w->out, "%llu", (unsigned long long)value);
}

void json_put_i64(struct json_writer *w, const char *key, int64_t value)
{
	begin_value(w, key);
	strbuf_addf(w->out, "%lld", (long long)value);
}

void json_put_double(struct json_writer *w, const char *key, double value)
{
	char text[40];

	begin_value(w, key);
	if (!isfinite(value)) {
		strbuf_add_text(w->out, "null");
		return;
	}
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	strbuf_add_text(w->out, text);
	if (!strpbrk(text, ".e"))
		strbuf_add_text(w->out, ".0");
}

void json_put_bool(struct json_writer *w, const char *key, bool value)
{
	begin_value(w, key);
	strbuf_add_text(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key)
{
	begin_value(w, key);
	strbuf_add_text(w->out, "null");
}

void json_put_strv(struct json_writer *w, const char *key, const struct strv *values)
{
	json_open_array(w, key);
	for (size_t i = 0; i < values->count; i++)
		json_put_text(w, NULL, values->items[i]);
	json_close_array(w);
}

void json_put_raw(struct json_writer *w, const char *key, const char *value)
{
	begin_value(w, key);
	strbuf_add_text(w->out, value);
}
