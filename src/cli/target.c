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

/* "web", or "shop.web" where several deployments have one. */
static bool is_of_service(const struct zl_container_info *info, const char *text)
{
	size_t length;

	if (!info->service || !info->deployment)
		return false;
	if (strcmp(info->service, text) == 0)
		return true;
	length = strlen(info->deployment);
	return strncmp(text, info->deployment, length) == 0 && text[length] == '.' &&
	       strcmp(text + length + 1, info->service) == 0;
}

static bool is_the_one(const struct zl_container_info *info, const char *id)
{
	return strcmp(info->id, id) == 0;
}

static void add_matching(struct targets *targets, bool (*matches)(const struct zl_container_info *, const char *),
			 const char *text)
{
	for (size_t i = 0; i < zl_container_list_count(targets->list); i++) {
		const struct zl_container_info *info = zl_container_list_get(targets->list, i);

		if (matches(info, text))
			targets->items[targets->count++] = info;
	}
}

/* Services of the same name in two deployments are not one: nobody means to stop both. */
static bool is_one_deployment(const struct targets *targets)
{
	for (size_t i = 1; i < targets->count; i++)
		if (strcmp(targets->items[i]->deployment, targets->items[0]->deployment) != 0)
			return false;
	return targets->count > 0;
}

static int list_all(struct zl_client *client, struct targets *ret, struct zl_error *err)
{
	ret->list = zl_container_list_new(client, NULL, err);
	if (!ret->list)
		return -1;
	ret->items = calloc(zl_container_list_count(ret->list) + 1, sizeof(*ret->items));
	return ret->items ? 0 : memory_error(err);
}

int targets_find(struct zl_client *client, const char *text, struct targets *ret, struct zl_error *err)
{
	AUTO_DONE(targets) targets = { 0 };
	char id[ZL_ID_SIZE];
	struct zl_error not_found;
	int r = zl_container_find(client, text, id, &not_found);

	if (list_all(client, &targets, err) < 0)
		return -1;
	if (r == 0)
		add_matching(&targets, is_the_one, id);
	else
		add_matching(&targets, is_of_service, text);
	if (r < 0 && !is_one_deployment(&targets)) {
		*err = not_found;
		return -1;
	}
	if (targets.count == 0)
		return command_error(err, ZL_ERR_NOT_FOUND, 0, "container %s: it has just been removed", text);
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
