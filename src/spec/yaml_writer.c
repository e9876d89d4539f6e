/* yaml_writer.c - YAML as a stream of calls. */
#include "spec/yaml_writer.h"

#include <string.h>
#include <strings.h>

#include "base/cleanup.h"

/* A simple key ends within 1024 characters; a longer one needs the form that says what it is. */
#define SIMPLE_KEY_MAX 200

static void write_key(struct yaml_writer *w, const char *key)
{
	bool is_long = strlen(key) > SIMPLE_KEY_MAX;

	strbuf_add_text(w->out, is_long ? "? " : "");
	yaml_write_text(w->out, key);
	if (is_long)
		strbuf_addf(w->out, "\n%*s", 2 * w->depth, "");
	strbuf_add_char(w->out, ':');
}

/* Two blanks a level; a list's dashes stand at the level of its key's content. */
static void begin_item(struct yaml_writer *w, const char *key)
{
	if (w->at_dash)
		w->at_dash = false;
	else
		for (int i = 0; i < w->depth; i++)
			strbuf_add(w->out, "  ", 2);
	if (key)
		write_key(w, key);
	else
		strbuf_add_char(w->out, '-');
}

static void add_tag(struct yaml_writer *w, const char *tag)
{
	if (tag)
		strbuf_addf(w->out, " %s", tag);
}

void yaml_open_map(struct yaml_writer *w, const char *key, const char *tag, bool is_empty)
{
	bool is_root = !key && w->depth < 0;

	if (is_root) {
		w->depth = 0;
		return;
	}
	begin_item(w, key);
	add_tag(w, tag);
	if (is_empty)
		strbuf_add_text(w->out, " {}\n");
	else if (key)
		strbuf_add_char(w->out, '\n');
	else
		strbuf_add_char(w->out, ' ');
	if (!is_empty) {
		w->at_dash = !key;
		w->depth++;
	}
}

void yaml_close_map(struct yaml_writer *w, bool is_empty)
{
	w->depth -= !is_empty;
}

void yaml_open_list(struct yaml_writer *w, const char *key, bool is_empty)
{
	begin_item(w, key);
	strbuf_add_text(w->out, is_empty ? " []\n" : "\n");
	w->depth += !is_empty;
}

void yaml_close_list(struct yaml_writer *w, bool is_empty)
{
	w->depth -= !is_empty;
}

void yaml_put_text(struct yaml_writer *w, const char *key, const char *tag, const char *value)
{
	begin_item(w, key);
	add_tag(w, tag);
	strbuf_add_char(w->out, ' ');
	yaml_write_text(w->out, value);
	strbuf_add_char(w->out, '\n');
}

void yaml_put_plain(struct yaml_writer *w, const char *key, const char *value)
{
	begin_item(w, key);
	strbuf_addf(w->out, " %s\n", value);
}

/* Letters, digits and what means nothing inside a word; a letter, '/' or '_' first. */
static bool is_plain(const char *text)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/_";
	size_t len = strlen(text);

	if (len == 0 || !strchr(first, text[0]) || text[len - 1] == ':')
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.:@+-") == len;
}

/* The character at p, its length in *len; bytes that are no UTF-8 count as themselves. */
static uint32_t decode(const unsigned char *p, size_t *len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc2 ? 2 : 1;
	uint32_t c = n == 1 ? *p : *p & (0x7fU >> n);

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*len = 1;
			return 0xfffd;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*len = n;
	return n > 1 && c < least[n] ? 0xfffd : *p >= 0x80 && n == 1 ? 0xfffd : c;
}

/* What a reader would refuse, fold or take for something else. */
static bool needs_escape(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || (c >= 0xd800 && c < 0xe000) ||
	       c == 0xfeff || (c & 0xfffe) == 0xfffe;
}

void yaml_write_text(struct strbuf *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	if (is_plain(text)) {
		strbuf_add_text(out, text);
		return;
	}
	strbuf_add_char(out, '"');
	while (*p) {
		size_t len;
		uint32_t c = decode(p, &len);

		if (c == '"' || c == '\\')
			strbuf_addf(out, "\\%c", (char)c);
		else if (c == '\n')
			strbuf_add_text(out, "\\n");
		else if (c == '\t')
			strbuf_add_text(out, "\\t");
		else if (needs_escape(c))
			strbuf_addf(out, c > 0xffff ? "\\U%08X" : "\\u%04X", c);
		else if (c == 0xfffd && len == 1)
			strbuf_add_text(out, "\xef\xbf\xbd");
		else
			strbuf_add(out, p, len);
		p += len;
	}
	strbuf_add_char(out, '"');
}
