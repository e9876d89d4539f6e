/* target.c - the containers that a user means. */
#include "cli/target.h"

#include <stdio.h>
#include <string.h>

void targets_done(struct targets *targets)
{
	zl_container_list_free(targets->list);
	free(targets->items);
	*targets = (struct targets){ 0 };
}

static void add_target(struct targets *targets, const struct zl_container_info *info)
{
	targets->items[targets->count++] = info;
}

static void add_service(struct targets *targets, const char *service)
{
	for (size_t i = 0; i < zl_container_list_count(targets->list); i++) {
		const struct zl_container_info *info = zl_container_list_get(targets->list, i);

		if (info->service && strcmp(info->service, service) == 0)
			add_target(targets, info);
	}
}

static int add_one(struct targets *targets, const char *id, const char *text, struct zl_error *err)
{
	for (size_t i = 0; i < zl_container_list_count(targets->list); i++) {
		const struct zl_container_info *info = zl_container_list_get(targets->list, i);

		if (strcmp(info->id, id) == 0) {
			add_target(targets, info);
			return 0;
		}
	}
	return command_error(err, ZL_ERR_NOT_FOUND, 0, "no container %s: it has just been removed", text);
}

int targets_find(struct zl_client *client, const char *text, struct targets *ret, struct zl_error *err)
{
	AUTO_DONE(targets) targets = { 0 };
	char id[ZL_ID_SIZE];
	int r = zl_container_find(client, text, id, err);

	if (r < 0 && (!err || err->kind != ZL_ERR_CONFLICT))
		return -1;
	targets.list = zl_container_list_new(client, NULL, r < 0 ? NULL : err);
	if (!targets.list)
		return -1;
	targets.items = calloc(zl_container_list_count(targets.list) + 1, sizeof(*targets.items));
	if (!targets.items)
		return memory_error(err);
	if (r == 0 && add_one(&targets, id, text, err) < 0)
		return -1;
	if (r < 0)
		add_service(&targets, text);
	if (targets.count == 0)
		return -1; /* several, and not of one service: err still lists them */
	*ret = targets;
	targets = (struct targets){ 0 };
	return 0;
}

int for_each_argument(struct call *call, int (*act)(struct call *call, const char *argument, struct zl_error *err))
{
	int status = 0;

	for (int i = 0; i < call->n_args; i++) {
		struct zl_error err = { 0 };

		if (act(call, call->args[i], &err) == 0)
			continue;
		fflush(stdout);
		fprintf(stderr, "zlayer: %s\n", err.msg);
		status = 1;
	}
	return status;
}
