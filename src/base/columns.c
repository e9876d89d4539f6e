/* columns.c - a table for people. */
#include "base/columns.h"

#include <string.h>

void columns_done(struct columns *c)
{
	strv_done(&c->cells);
}

int columns_add(struct columns *c, const char *const *cells)
{
	for (size_t i = 0; i < c->width; i++) {
		char *cell = strdup(cells[i] ? cells[i] : "");

		if (strv_add_take(&c->cells, cell) < 0)
			return -ENOMEM;
		for (; *cell; cell++)
			if ((unsigned char)*cell < 0x20 || *cell == 0x7f)
				*cell = '?';
	}
	return 0;
}

/* Characters of UTF-8, each taken to be one column wide. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static size_t widest(const struct columns *c, size_t column)
{
	size_t most = 0;

	for (size_t i = column; i < c->cells.count; i += c->width)
		if (width_of(c->cells.items[i]) > most)
			most = width_of(c->cells.items[i]);
	return most;
}

void columns_print(const struct columns *c, FILE *out)
{
	size_t room[32] = { 0 };

	for (size_t i = 0; i < c->width && i < ARRAY_SIZE(room); i++)
		room[i] = widest(c, i);
	for (size_t i = 0; i < c->cells.count; i++) {
		bool last = i % c->width == c->width - 1;

		fputs(c->cells.items[i], out);
		if (last)
			putc('\n', out);
		else
			fprintf(out, "%*s", (int)(room[i % c->width] - width_of(c->cells.items[i]) + 3), "");
	}
}
