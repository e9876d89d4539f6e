/* mount_option.h - --volume, --mount and --tmpfs, as docker reads them. Readers for a struct mount_list. */
#pragma once
#include "base/strv.h"
#include "cli/command.h"
#include <zlayer/container.h>

struct mount_list {
	struct zl_mount *items;
	size_t count, capacity;
	struct strv texts; /* owns the strings of the items */
};
void mount_list_done(struct mount_list *list);
DEFINE_AUTO_DONE(mount_list)

/* "[SOURCE:]TARGET[:ro|rw]": a source with a / is a path (a relative one begins with . or ..), else a volume's name. */
int option_volume(void *target, const char *value, struct zl_error *err);

/* "type=bind,source=/a,target=/b,readonly": comma-separated, type volume when it is not said. */
int option_mount(void *target, const char *value, struct zl_error *err);

/* "TARGET[:size=64m,mode=1777,ro]". */
int option_tmpfs(void *target, const char *value, struct zl_error *err);
