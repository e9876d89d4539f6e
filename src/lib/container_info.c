/* container_info.c - snapshots of containers: the public view stands before what it points into. */
#include <zlayer/container.h>

#include <string.h>

#include "lib/client.h"
#include "lib/exit.h"

struct zl_exit exit_export(const struct exit_record *record)
{
	return (struct zl_exit){
		.is_known = record->is_known,
		.code = record->code,
		.signal = record->signal,
		.oom_killed = record->oom_killed,
		.asked_by = record->asked_by == EXIT_ASKED_USER ? ZL_EXIT_ASKED_USER : ZL_EXIT_ASKED_NOBODY,
		.started_ns = record->started_ns,
		.finished_ns = record->finished_ns,
	};
}

static enum zl_container_status export_status(enum container_status status)
{
	switch (status) {
	case CONTAINER_PENDING:
		return ZL_CONTAINER_PENDING;
	case CONTAINER_INITIALIZING:
		return ZL_CONTAINER_INITIALIZING;
	case CONTAINER_RUNNING:
		return ZL_CONTAINER_RUNNING;
	case CONTAINER_PAUSED:
		return ZL_CONTAINER_PAUSED;
	case CONTAINER_STOPPING:
		return ZL_CONTAINER_STOPPING;
	case CONTAINER_EXITED:
		return ZL_CONTAINER_EXITED;
	case CONTAINER_FAILED:
		return ZL_CONTAINER_FAILED;
	case CONTAINER_UNKNOWN:
		break;
	}
	return ZL_CONTAINER_UNKNOWN;
}

_Static_assert((int)ZL_CONTAINER_UNKNOWN == (int)CONTAINER_UNKNOWN, "the public states are the internal ones");

const char *zl_container_status_name(enum zl_container_status status)
{
	return container_status_name((enum container_status)status);
}

static void export_info(const struct container_info *info, struct zl_container_info *ret)
{
	*ret = (struct zl_container_info){
		.id = info->id,
		.name = info->name,
		.image = info->image,
		.image_id = info->image_id,
		.command = info->command,
		.deployment = info->deployment,
		.service = info->service,
		.role = info->role,
		.replica = info->replica,
		.labels = border_peek_strings(&info->labels),
		.status = export_status(info->status),
		.pid = info->pid,
		.reason = info->reason,
		.created_ns = info->created_ns,
		.started_ns = info->started_ns,
		.exit = exit_export(&info->exit),
		.has_auto_remove = info->has_auto_remove,
	};
}

/* ---- one ---- */

struct snapshot {
	struct zl_container_info view; /* first: the pointer to it is the pointer to the whole */
	struct container_info *info;
};

static struct snapshot *take_snapshot(struct zl_client *client, const char *container, struct error *err)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
	char id[ID_HEX_SIZE];

	if (!snapshot) {
		fail_oom(err);
		return NULL;
	}
	if (client_find(client, container, id, err) < 0 ||
	    runtime_info(client->runtime, id, &snapshot->info, err) < 0) {
		free(snapshot);
		return NULL;
	}
	export_info(snapshot->info, &snapshot->view);
	return snapshot;
}

struct zl_container_info *zl_container_info_new(struct zl_client *client, const char *container, struct zl_error *err)
{
	struct error e;
	struct snapshot *snapshot = take_snapshot(client, container, &e);

	if (snapshot)
		return &snapshot->view;
	border_fail(err, &e);
	return NULL;
}

void zl_container_info_free(struct zl_container_info *info)
{
	struct snapshot *snapshot = (struct snapshot *)info;

	if (!snapshot)
		return;
	container_info_free(snapshot->info);
	free(snapshot);
}

/* ---- many ---- */

struct zl_container_list {
	struct container_list infos;
	struct zl_container_info *views;
	size_t count; /* of views: those that the filter let through */
};

static bool is_equal_or_unasked(const char *asked, const char *value)
{
	return !asked || (value && strcmp(asked, value) == 0);
}

static bool passes(const struct container_info *info, const struct zl_container_filter *filter)
{
	bool is_running = info->status == CONTAINER_INITIALIZING || info->status == CONTAINER_RUNNING ||
			  info->status == CONTAINER_PAUSED || info->status == CONTAINER_STOPPING;

	return is_equal_or_unasked(filter->deployment, info->deployment) &&
	       is_equal_or_unasked(filter->service, info->service) && (is_running || !filter->is_running);
}

static int fill_list(struct zl_client *client, const struct zl_container_filter *filter, struct zl_container_list *list,
		     struct error *err)
{
	if (client_open_runtime(client, err) < 0 || runtime_list(client->runtime, &list->infos, err) < 0)
		return -1;
	list->views = calloc(list->infos.count + 1, sizeof(*list->views));
	if (!list->views)
		return fail_oom(err);
	for (size_t i = 0; i < list->infos.count; i++)
		if (passes(list->infos.items[i], filter))
			export_info(list->infos.items[i], &list->views[list->count++]);
	return 0;
}

struct zl_container_list *zl_container_list_new(struct zl_client *client, const struct zl_container_filter *filter,
						struct zl_error *err)
{
	struct zl_container_list *list = calloc(1, sizeof(*list));
	struct zl_container_filter given;
	struct error e;

	if (!list)
		fail_oom(&e);
	else if (border_read_options(&given, sizeof(given), filter, &e) == 0 &&
		 fill_list(client, &given, list, &e) == 0)
		return list;
	border_fail(err, &e);
	zl_container_list_free(list);
	return NULL;
}

void zl_container_list_free(struct zl_container_list *list)
{
	if (!list)
		return;
	container_list_done(&list->infos);
	free(list->views);
	free(list);
}

size_t zl_container_list_count(const struct zl_container_list *list)
{
	return list->count;
}

const struct zl_container_info *zl_container_list_get(const struct zl_container_list *list, size_t i)
{
	return i < list->count ? &list->views[i] : NULL;
}
