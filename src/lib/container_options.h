/* container_options.h - the public options of a container to the container_config that every backend takes. */
#pragma once
#include <zlayer/container.h>

#include "base/error.h"
#include "oci/container_config.h"

/* Checked (container_config_check). NULL on failure. */
struct container_config *container_options_convert(const struct zl_container_options *options, struct error *err);
