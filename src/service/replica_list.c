/* replica_list.c - counts the replicas of each service and makes their configs. */
#include "service/replica_list.h"

#include <stdlib.h>

#include "base/memory.h"
#include "service/container_from_spec.h"

void replica_list_done(struct replica_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		container_config_free(list->items[i].config);
	free(list->items);
	*list = (struct replica_list){ 0 };
}

static uint32_t count_of_scale(const struct spec_scale *scale)
{
	switch (scale->type) {
	case SPEC_SCALE_FIXED:
		return (uint32_t)scale->fixed.replicas;
	case SPEC_SCALE_ADAPTIVE:
		return (uint32_t)scale->adaptive.min;
	case SPEC_SCALE_MANUAL:
	case SPEC_SCALE_UNSET:
		break;
	}
	return 1;
}

uint32_t replica_count(const struct spec_service *service)
{
	uint64_t sum = 0;

	if (service->rtype == SPEC_RTYPE_CRON)
		return 0;
	if (service->rtype == SPEC_RTYPE_JOB)
		return 1;
	if (service->replica_groups.count == 0)
		return count_of_scale(&service->scale);
	for (size_t i = 0; i < service->replica_groups.count; i++)
		sum += (uint64_t)service->replica_groups.items[i].count;
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

static enum pull_policy pull_policy_of(const struct spec_service *service, const struct spec_group *group)
{
	const struct spec_image *image = group && group->image ? group->image : &service->image;

	switch (image->pull_policy) {
	case SPEC_PULL_ALWAYS:
		return PULL_ALWAYS;
	case SPEC_PULL_NEWER:
		return PULL_NEWER;
	case SPEC_PULL_NEVER:
		return PULL_NEVER;
	case SPEC_PULL_IF_NOT_PRESENT:
	case SPEC_PULL_UNSET:
		break;
	}
	return PULL_IF_NOT_PRESENT;
}

struct making {
	const struct replica_list_options *options;
	struct replica_list *list;
	struct strv *warnings;
};

/* Only the first replica warns: the others would say the same. */
static int add_replica(struct making *m, size_t index, const struct spec_group *group, uint32_t number,
		       struct error *err)
{
	const struct spec_service *service = &m->options->spec->services.items[index];
	struct replica_options options = {
		.deployment = m->options->spec,
		.service = service,
		.group = group,
		.replica = number,
		.base_dir = m->options->base_dir,
		.environment = m->options->environment,
	};
	struct replica replica = {
		.service = index,
		.group = group,
		.pull_policy = pull_policy_of(service, group),
		.is_job = service->rtype == SPEC_RTYPE_JOB,
	};

	if (m->list->count == REPLICAS_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "service %s: more than %d containers in one deployment",
			    service->name, REPLICAS_LIMIT);
	if (array_reserve((void **)&m->list->items, &m->list->capacity, m->list->count + 1, sizeof(replica)) < 0)
		return fail_oom(err);
	replica.config = container_from_spec(&options, number == 1 ? m->warnings : NULL, err);
	if (!replica.config)
		return -1;
	m->list->items[m->list->count++] = replica;
	return 0;
}

static int add_replicas(struct making *m, size_t index, const struct spec_group *group, uint32_t count,
			struct error *err)
{
	for (uint32_t number = 1; number <= count; number++)
		if (add_replica(m, index, group, number, err) < 0)
			return -1;
	return 0;
}

static int add_service(struct making *m, size_t index, struct error *err)
{
	const struct spec_service *service = &m->options->spec->services.items[index];

	if (service->rtype != SPEC_RTYPE_SERVICE || service->replica_groups.count == 0)
		return add_replicas(m, index, NULL, replica_count(service), err);
	for (size_t i = 0; i < service->replica_groups.count; i++) {
		const struct spec_group *group = &service->replica_groups.items[i];

		if (add_replicas(m, index, group, (uint32_t)group->count, err) < 0)
			return -1;
	}
	return 0;
}

int replica_list_make(const struct replica_list_options *options, struct replica_list *ret, struct strv *warnings,
		      struct error *err)
{
	AUTO_DONE(replica_list) list = { 0 };
	struct making making = { options, &list, warnings };

	for (size_t i = 0; i < options->order->count; i++)
		if (add_service(&making, options->order->items[i], err) < 0)
			return -1;
	*ret = list;
	list = (struct replica_list){ 0 };
	return 0;
}
