/* runtime_config.c - a parsed config.json: its end, and looking into it. Parsing stands in runtime_config_parse.c. */
#include "oci/runtime_config.h"

void runtime_config_free(struct runtime_config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->n_mounts; i++) {
		free(config->mounts[i].destination);
		free(config->mounts[i].type);
		free(config->mounts[i].source);
		strv_done(&config->mounts[i].options);
	}
	for (size_t i = 0; i < config->n_devices; i++)
		free(config->devices[i].path);
	free(config->mounts);
	free(config->devices);
	free(config->device_rules);
	free(config->rlimits);
	free(config->extra_gids);
	free(config->cwd);
	free(config->hostname);
	free(config->root_path);
	free(config->root_propagation);
	free(config->cgroups_path);
	strv_done(&config->args);
	strv_done(&config->env);
	strv_done(&config->masked_paths);
	strv_done(&config->read_only_paths);
	strv_done(&config->joined_namespaces);
	strv_done(&config->sysctls);
	strv_done(&config->annotations);
	json_object_put(config->document);
	free(config);
}

const char *runtime_config_annotation(const struct runtime_config *config, const char *name)
{
	return strv_env_get(&config->annotations, name);
}
