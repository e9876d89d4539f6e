/* strbuf.c - a growing text. */
#include "base/strbuf.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"

void strbuf_done(struct strbuf *b)
{
	free(b->data);
	*b = (struct strbuf){ .limit = b->limit };
}

static int reserve(struct strbuf *b, size_t extra)
{
	size_t limit = b->limit ? b->limit : STRBUF_LIMIT;

	if (b->status < 0)
		return b->status;
	if (extra > limit || b->len > limit - extra)
		b->status = -EFBIG;
	else
		b->status = array_reserve((void **)&b->data, &b->capacity, b->len + extra + 1, 1);
	return b->status;
}

int strbuf_add(struct strbuf *b, const void *data, size_t len)
{
	if (reserve(b, len) < 0)
		return b->status;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return 0;
}

int strbuf_add_text(struct strbuf *b, const char *text)
{
	return strbuf_add(b, text, strlen(text));
}

int strbuf_add_char(struct strbuf *b, char c)
{
	return strbuf_add(b, &c, 1);
}

static int add_formatted(struct strbuf *b, const char *fmt, va_list args)
{
	va_list again;
	int wanted;

	va_copy(again, args);
	wanted = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (wanted < 0)
		return b->status = -EINVAL;
	if (reserve(b, (size_t)wanted) < 0)
		return b->status;
	vsnprintf(b->data + b->len, (size_t)wanted + 1, fmt, args);
	b->len += (size_t)wanted;
	return 0;
}

int strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = add_formatted(b, fmt, args);
	va_end(args);
	return r;
}

int strbuf_status(const struct strbuf *b)
{
	return b->status;
}

void strbuf_reset(struct strbuf *b)
{
	b->len = 0;
	b->status = 0;
	if (b->data)
		b->data[0] = '\0';
}

const char *strbuf_peek(const struct strbuf *b)
{
	return b->data ? b->data : "";
}

char *strbuf_take(struct strbuf *b)
{
	char *text = NULL;

	if (strbuf_add(b, "", 0) == 0)
		text = TAKE_PTR(b->data);
	strbuf_done(b);
	return text;
}

char *text_format(const char *fmt, ...)
{
	AUTO_DONE(strbuf) b = { 0 };
	va_list args;

	va_start(args, fmt);
	add_formatted(&b, fmt, args);
	va_end(args);
	return strbuf_take(&b);
}
