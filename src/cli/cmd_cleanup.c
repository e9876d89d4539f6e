/* cmd_cleanup.c - `zlayer cleanup`: what `run -d --rm` left is removed, by whoever saw its end. Not for people. */
#include "cli/commands.h"
#include <zlayer/container.h>

/* One that is gone already, or was asked to stay, is fine. */
static int run(struct call *call, struct zl_error *err)
{
	struct zl_container_info *info = zl_container_info_new(call->client, call->args[0], err);
	int r = 0;

	if (!info)
		return err->kind == ZL_ERR_NOT_FOUND ? 0 : -1;
	if (info->has_auto_remove && (info->status == ZL_CONTAINER_EXITED || info->status == ZL_CONTAINER_UNKNOWN ||
				      info->status == ZL_CONTAINER_FAILED))
		r = zl_container_remove(call->client, info->id, ZL_REMOVE_VOLUMES, err);
	zl_container_info_free(info);
	return r;
}

const struct command cmd_cleanup = {
	.name = "cleanup",
	.synopsis = "CONTAINER",
	.summary = "Remove a container of `run --rm` that has ended",
	.group = GROUP_HIDDEN,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
