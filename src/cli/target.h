/* target.h - the containers that a user means, where several are fine: as everywhere, or all of a service. */
#pragma once
#include <stddef.h>

#include "base/cleanup.h"
#include "cli/command.h"
#include <zlayer/container.h>

/* Containers in an order of the library's; infos are borrowed from the list. */
struct targets {
	struct zl_container_list *list;
	const struct zl_container_info **items;
	size_t count;
};
void targets_done(struct targets *targets);
DEFINE_AUTO_DONE(targets)

/* An id or its beginning and a name mean one container; "service" and "deployment.service" mean all containers of a
 * service. Fails as zl_container_find does, for services of the same name in several deployments too. */
int targets_find(struct zl_client *client, const char *text, struct targets *ret, struct zl_error *err);

/* Calls `act` for each argument; one that fails is reported and the rest go on. The exit status: 0, or 1 when one
 * failed. */
int for_each_argument(struct call *call, int (*act)(struct call *call, const char *argument, struct zl_error *err));
