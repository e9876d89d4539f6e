/* probe.h - one check of a container's health, made on a thread that may block. */
#pragma once
#include <stdint.h>

#include "base/cleanup.h"
#include "runtime/runtime.h"
#include "spec/spec.h"

/* What a service's health block asks for, made ready: data that a thread may read on its own. */
struct probe {
	enum spec_check_type type;
	uint16_t port; /* of tcp */
	char *url;     /* of http; one that begins with "/" got the container's own address and port */
	unsigned expect_status;
	char *command;
	uint64_t timeout_ms;
};

/* NULL when memory is out. Port 0 means the target port of the first http, https or websocket endpoint, else of
 * the first tcp one, else 8080. */
struct probe *probe_new(const struct spec_service *service, uint64_t timeout_ns);
void probe_free(struct probe *probe);
DEFINE_AUTO(probe)

/* tcp and http connect inside the container's network namespace, to its own loopback; a command is run there by
 * `sh -c`, 0 being good. 0, or -1: err says why the container is not healthy. Blocks for timeout_ms at most. */
int probe_run(const struct probe *probe, struct runtime *rt, const char *id, struct error *err);
