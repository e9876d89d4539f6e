/* ulimit_option.h - --ulimit NAME=SOFT[:HARD], as docker reads it. A reader for a struct ulimit_list. */
#pragma once
#include "base/cleanup.h"
#include "cli/command.h"
#include <zlayer/container.h>

struct ulimit_list {
	struct zl_ulimit *items; /* names are constants */
	size_t count, capacity;
};
void ulimit_list_done(struct ulimit_list *list);
DEFINE_AUTO_DONE(ulimit_list)

/* -1 is unlimited; one number is both. A name given twice: the last one counts. */
int option_ulimit(void *target, const char *value, struct zl_error *err);
