/* strbuf.h - a growing text. The first failure sticks, so a writer checks once, at the end, with strbuf_status. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"

struct strbuf {
	char *data; /* NUL-terminated once anything was added; NULL before */
	size_t len, capacity;
	size_t limit; /* longest text allowed; 0: STRBUF_LIMIT */
	int status;   /* 0, -ENOMEM or -EFBIG */
};

#define STRBUF_LIMIT (256UL << 20)

void strbuf_done(struct strbuf *b);
DEFINE_AUTO_DONE(strbuf)

/* All return the status: 0, -ENOMEM or -EFBIG (past the limit). */
int strbuf_add(struct strbuf *b, const void *data, size_t len);
int strbuf_add_text(struct strbuf *b, const char *text);
int strbuf_add_char(struct strbuf *b, char c);
__attribute__((format(printf, 2, 3))) int strbuf_addf(struct strbuf *b, const char *fmt, ...);
int strbuf_status(const struct strbuf *b);

/* Empties the text and forgets a failure; keeps the memory. */
void strbuf_reset(struct strbuf *b);

/* The text, borrowed; "" when nothing was added. */
const char *strbuf_peek(const struct strbuf *b);

/* The text is yours, NUL-terminated; NULL after a failure. b is empty afterwards. */
char *strbuf_take(struct strbuf *b);

/* printf into a new string of yours; NULL when memory is out. */
__attribute__((format(printf, 1, 2))) char *text_format(const char *fmt, ...);
