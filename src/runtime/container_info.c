/* container_info.c - what is known of a container, as data. */
#include <stdlib.h>
#include <string.h>

#include "runtime/runtime.h"

static const char *const status_names[] = {
	[CONTAINER_PENDING] = "pending", [CONTAINER_INITIALIZING] = "initializing", [CONTAINER_RUNNING] = "running",
	[CONTAINER_PAUSED] = "paused",   [CONTAINER_STOPPING] = "stopping",         [CONTAINER_EXITED] = "exited",
	[CONTAINER_FAILED] = "failed",   [CONTAINER_UNKNOWN] = "unknown",
};

const char *container_status_name(enum container_status status)
{
	return status_names[status];
}

void container_info_free(struct container_info *info)
{
	if (!info)
		return;
	free(info->name);
	free(info->image);
	free(info->image_id);
	free(info->command);
	free(info->deployment);
	free(info->service);
	free(info->role);
	free(info->reason);
	strv_done(&info->labels);
	free(info);
}

void container_list_done(struct container_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		container_info_free(list->items[i]);
	free(list->items);
	*list = (struct container_list){ 0 };
}
