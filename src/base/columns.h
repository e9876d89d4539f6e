/* columns.h - a table for people: cells are collected, then printed aligned, as docker ps prints. */
#pragma once
#include <stdio.h>

#include "base/strv.h"

struct columns {
	size_t width; /* cells a row */
	struct strv cells;
};

void columns_done(struct columns *c);
DEFINE_AUTO_DONE(columns)

/* One row: exactly c->width texts, NULL printed as nothing. 0 or -ENOMEM. Control characters become '?'. */
int columns_add(struct columns *c, const char *const *cells);
void columns_print(const struct columns *c, FILE *out);
