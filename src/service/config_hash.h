/* config_hash.h - one text for all that makes a container what it is, to tell whether a new one is wanted. */
#pragma once
#include "base/digest.h"
#include "oci/container_config.h"

#define CONFIG_HASH_SIZE SHA256_DIGEST_SIZE

/* Of every member but name, identity and what only concerns its end (auto-remove): equal configs have equal hashes, in
 * every version of the agent that prints them so. References to secrets count, their values do not. */
int config_hash(const struct container_config *config, char ret[CONFIG_HASH_SIZE], struct error *err);
