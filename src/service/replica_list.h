/* replica_list.h - the containers that a spec wants, in the order in which they are made: dependencies first, the
 * roles of a service as declared, numbers from 1 in each role.
 */
#pragma once
#include "oci/container_config.h"
#include "runtime/runtime.h"
#include "service/dependency.h"
#include "spec/spec.h"

struct replica {
	size_t service;                 /* its index in the spec */
	const struct spec_group *group; /* NULL: none */
	struct container_config *config;
	enum pull_policy pull_policy;
	bool is_job;
};

struct replica_list {
	struct replica *items;
	size_t count, capacity;
};

void replica_list_done(struct replica_list *list);
DEFINE_AUTO_DONE(replica_list)

struct replica_list_options {
	const struct spec_deployment *spec;
	const struct service_order *order; /* of the wanted services */
	const char *base_dir;              /* as in struct replica_options */
	const struct strv *environment;
};

#define REPLICAS_LIMIT 10000 /* in one deployment */

/* A service counts as the sum of its groups; without groups: a job 1, cron 0 (nothing triggers it here), fixed
 * its number, adaptive its min, manual 1. */
uint32_t replica_count(const struct spec_service *service);

/* The list is empty before. -1 with err naming the service. */
int replica_list_make(const struct replica_list_options *options, struct replica_list *ret, struct strv *warnings,
		      struct error *err);
