/* container_from_spec.h - what one replica of a service is, as a container_config. The labels that the agent finds it
 * by and tells a change by are among its labels.
 */
#pragma once
#include "oci/container_config.h"
#include "spec/spec.h"

/* A digest over everything whose change makes a new container of it: `up` recreates when it differs. */
#define LABEL_CONFIG_HASH "zlayer.config-hash"

/* Names of the services that this one depends on, joined by commas: `down` needs no spec. */
#define LABEL_DEPENDS "zlayer.depends"

struct replica_options {
	const struct spec_deployment *deployment;
	const struct spec_service *service;
	const struct spec_group *group; /* of the service; NULL: it has none */
	unsigned replica;               /* from 1 in its group */
	const char *base_dir;           /* of relative bind sources; NULL: the working directory */
	const struct strv *environment; /* for $E:, NAME=VALUE; NULL: the process's own */
};

/* "deployment.service[.role].N"; NULL when memory is out. */
char *replica_name(const struct replica_options *options);

/* NULL on failure, the error naming service and field. warnings (may be NULL) gets what is probably not meant. */
struct container_config *container_from_spec(const struct replica_options *options, struct strv *warnings,
					     struct error *err);
