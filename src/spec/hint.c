/* hint.c - what people write instead of what the format has. */
#include "spec/hint.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* From files of other tools (compose, Kubernetes, Docker's flags) and from examples that never parsed. "*" is any
 * structure. */
static const struct {
	const char *structure, *key, *hint;
} key_hints[] = {
	{ "*", "<<", "merge keys are not part of the format: write the fields out, or alias a whole value" },
	{ "deployment", "name", "the name stands under `deployment`" },
	{ "deployment", "service", "did you mean `services`?" },
	{ "deployment", "volumes", "volumes are named in each service's `storage`" },
	{ "deployment", "networks", "networks are chosen by each service's `network_mode`" },
	{ "deployment", "secrets", "secrets are named in `env`, as $S:name" },
	{ "service", "volumes", "did you mean `storage`? (a list of {type: bind, source, target})" },
	{ "service", "mounts", "did you mean `storage`?" },
	{ "service", "tmpfs", "did you mean `storage`? ({type: tmpfs, target})" },
	{ "service", "ports", "did you mean `endpoints`? (`port_mappings` publishes ports on the host)" },
	{ "service", "environment", "did you mean `env`? (a map NAME: value)" },
	{ "service", "env_file", "write the variables into `env`" },
	{ "service", "restart", "did you mean `restart_policy`? ({kind: always})" },
	{ "service", "replicas", "did you mean `scale`? ({mode: fixed, replicas: N})" },
	{ "service", "min_replicas", "did you mean `scale`? ({mode: adaptive, min: N, max: N})" },
	{ "service", "max_replicas", "did you mean `scale`? ({mode: adaptive, min: N, max: N})" },
	{ "service", "deploy", "replicas stand under `scale`, limits under `resources`" },
	{ "service", "depends_on", "did you mean `depends`? (a list of {service: NAME})" },
	{ "service", "runtime", "did you mean `service_type`?" },
	{ "service", "type", "did you mean `rtype` (service, job, cron)?" },
	{ "service", "kind", "did you mean `rtype` (service, job, cron)?" },
	{ "service", "cron", "did you mean `schedule`? (with rtype: cron)" },
	{ "service", "entrypoint", "it stands under `command`" },
	{ "service", "args", "it stands under `command`" },
	{ "service", "cmd", "did you mean `command`? ({args: [...]})" },
	{ "service", "workdir", "it stands under `command`" },
	{ "service", "working_dir", "it stands under `command`, as `workdir`" },
	{ "service", "healthcheck", "did you mean `health`?" },
	{ "service", "health_check", "did you mean `health`?" },
	{ "service", "cpu", "it stands under `resources`" },
	{ "service", "cpus", "it stands under `resources`, as `cpu`" },
	{ "service", "memory", "it stands under `resources`" },
	{ "service", "mem_limit", "it stands under `resources`, as `memory`" },
	{ "service", "pids_limit", "it stands under `resources`" },
	{ "service", "limits", "limits stand under `resources`" },
	{ "service", "gpu", "it stands under `resources`" },
	{ "service", "pull_policy", "it stands under `image`" },
	{ "service", "networks", "did you mean `network_mode`?" },
	{ "service", "net", "did you mean `network_mode`?" },
	{ "service", "pid", "did you mean `pid_mode`?" },
	{ "service", "ipc", "did you mean `ipc_mode`?" },
	{ "service", "add_host", "did you mean `extra_hosts`?" },
	{ "service", "group_add", "did you mean `extra_groups`?" },
	{ "service", "read_only", "did you mean `read_only_root_fs`?" },
	{ "service", "stop_timeout", "did you mean `stop_grace_period`?" },
	{ "service", "logging", "did you mean `logs`?" },
	{ "service", "build", "images are built elsewhere: name one under `image`" },
	{ "service", "container_name", "containers are named after their service" },
	{ "service", "steps", "they stand under `init`" },
	{ "image", "tag", "the tag is a part of `name`, behind a colon" },
	{ "image", "digest", "the digest is a part of `name`, behind an @" },
	{ "image", "repository", "did you mean `name`?" },
	{ "image", "policy", "did you mean `pull_policy`?" },
	{ "command", "cmd", "did you mean `args`?" },
	{ "command", "command", "did you mean `entrypoint`?" },
	{ "command", "working_dir", "did you mean `workdir`?" },
	{ "resources", "limits", "limits stand in `resources` itself" },
	{ "resources", "cpus", "did you mean `cpu`?" },
	{ "resources", "mem", "did you mean `memory`?" },
	{ "resources", "pids", "did you mean `pids_limit`?" },
	{ "endpoint", "container_port", "did you mean `target_port`?" },
	{ "endpoint", "public", "did you mean `expose: public`?" },
	{ "health", "type", "it stands under `check`" },
	{ "health", "port", "it stands under `check`" },
	{ "health", "url", "it stands under `check`" },
	{ "health", "command", "it stands under `check`" },
	{ "health", "test", "did you mean `check`? ({type: command, command: TEXT})" },
	{ "health", "http", "did you mean `check`? ({type: http, url: URL})" },
	{ "health", "start_period", "did you mean `start_grace`?" },
	{ "health", "initial_delay", "did you mean `start_grace`?" },
	{ "scale_adaptive", "min_replicas", "did you mean `min`?" },
	{ "scale_adaptive", "max_replicas", "did you mean `max`?" },
	{ "scale_adaptive", "replicas", "that is of mode fixed" },
	{ "scale_fixed", "min", "that is of mode adaptive" },
	{ "scale_fixed", "max", "that is of mode adaptive" },
	{ "scale_fixed", "count", "did you mean `replicas`?" },
	{ "dependency", "name", "did you mean `service`?" },
	{ "storage_bind", "read_only", "did you mean `readonly`?" },
	{ "storage_named", "read_only", "did you mean `readonly`?" },
	{ "storage_named", "source", "did you mean `name`?" },
	{ "init_step", "name", "did you mean `id`?" },
	{ "init_step", "action", "did you mean `uses`?" },
	{ "group", "name", "did you mean `role`?" },
	{ "group", "replicas", "did you mean `count`?" },
};

const char *hint_for_key(const char *structure, const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(key_hints); i++)
		if (strcmp(key_hints[i].key, key) == 0 &&
		    (strcmp(key_hints[i].structure, structure) == 0 || key_hints[i].structure[0] == '*'))
			return key_hints[i].hint;
	return NULL;
}

enum shape { SHAPE_TEXT = 1, SHAPE_LIST = 2, SHAPE_MAP = 4, SHAPE_EACH = 7 };

/* By the structure or key that was wanted, and what was found there. */
static const struct {
	const char *name;
	enum shape found;
	const char *hint;
} shape_hints[] = {
	{ "image", SHAPE_TEXT, "write image: {name: nginx:latest}" },
	{ "command", SHAPE_EACH, "write command: {entrypoint: [...], args: [...]}" },
	{ "entrypoint", SHAPE_TEXT, "write a list: [/bin/sh, -c, ...]" },
	{ "args", SHAPE_TEXT, "write a list: [--port, \"80\"]" },
	{ "check_command.command", SHAPE_LIST, "write one text: it is given to sh -c" },
	{ "env", SHAPE_LIST, "write a map: {NAME: value}" },
	{ "labels", SHAPE_LIST, "write a map: {name: value}" },
	{ "sysctls", SHAPE_LIST, "write a map: {name: value}" },
	{ "services", SHAPE_LIST, "write a map: {name: {image: ...}}" },
	{ "dependency", SHAPE_TEXT, "write {service: NAME}" },
	{ "depends", SHAPE_MAP, "write a list: [{service: NAME}]" },
	{ "depends", SHAPE_TEXT, "write a list: [{service: NAME}]" },
	{ "device", SHAPE_TEXT, "write {path: /dev/...}" },
	{ "port_mapping", SHAPE_TEXT, "write {host_port: N, container_port: N}" },
	{ "port_mapping", SHAPE_TEXT, "write {host_port: N, container_port: N}" },
	{ "endpoint", SHAPE_TEXT, "write {name: NAME, protocol: tcp, port: N}" },
	{ "endpoints", SHAPE_MAP, "write a list: [{name: NAME, protocol: tcp, port: N}]" },
	{ "storage", SHAPE_TEXT, "write {type: bind, source: PATH, target: PATH}" },
	{ "storage", SHAPE_MAP, "write a list: [{type: bind, source: PATH, target: PATH}]" },
	{ "restart_policy", SHAPE_TEXT, "write {kind: always}" },
	{ "init", SHAPE_LIST, "write init: {steps: [...]}" },
	{ "scale", SHAPE_TEXT, "write {mode: fixed, replicas: N}" },
	{ "check", SHAPE_TEXT, "write {type: tcp, port: N}" },
	{ "ulimit", SHAPE_TEXT, "write {soft: N, hard: N}" },
	{ "resources", SHAPE_TEXT, "write {cpu: N, memory: 512Mi}" },
	{ "platform", SHAPE_TEXT, "write {os: linux, arch: amd64}" },
	{ "logs", SHAPE_TEXT, "write {destination: disk}" },
	{ "wasm", SHAPE_TEXT, "write a map: {min_instances: 0}" },
};

const char *hint_for_shape(const char *name, const struct node *node)
{
	enum shape shape = node->kind == NODE_LIST ? SHAPE_LIST : node->kind == NODE_MAP ? SHAPE_MAP : SHAPE_TEXT;

	for (size_t i = 0; i < ARRAY_SIZE(shape_hints); i++)
		if ((shape_hints[i].found & shape) && strcmp(shape_hints[i].name, name) == 0)
			return shape_hints[i].hint;
	return NULL;
}

/* Words of other tools for a word of a list that has `word`. */
static const struct {
	const char *typed, *word;
} word_synonyms[] = {
	{ "exec", "command" },
	{ "cmd", "command" },
	{ "volume", "named" },
	{ "missing", "if_not_present" },
	{ "x86_64", "amd64" },
	{ "aarch64", "arm64" },
	{ "darwin", "macos" },
	{ "grpc", "http" },
	{ "ws", "websocket" },
	{ "wss", "websocket" },
	{ "running", "started" },
	{ "service_started", "started" },
	{ "service_healthy", "healthy" },
	{ "unless-stopped", "unless_stopped" },
	{ "auto", "adaptive" },
};

/* Equal but for case, '-' and '_'. */
static bool same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == '-' || *a == '_')
			a++;
		while (*b == '-' || *b == '_')
			b++;
		if (!*a || !*b)
			return !*a && !*b;
		if ((*a | 0x20) != (*b | 0x20))
			return false;
	}
}

const char *hint_for_word(const struct word_list *words, const char *text)
{
	const char *candidates[16];
	size_t n = 0;

	for (size_t i = 1; i < words->count; i++) {
		if (same_letters(words->words[i].text, text))
			return words->words[i].text;
		for (size_t k = 0; k < ARRAY_SIZE(word_synonyms); k++)
			if (strcmp(word_synonyms[k].typed, text) == 0 &&
			    strcmp(word_synonyms[k].word, words->words[i].text) == 0)
				return words->words[i].text;
		if (n < ARRAY_SIZE(candidates))
			candidates[n++] = words->words[i].text;
	}
	return text_nearest(text, candidates, n);
}

const char *hint_near_key(const struct schema *schema, const char *key)
{
	const char *keys[64];
	size_t n = 0;

	for (size_t i = 0; i < schema->count && n < ARRAY_SIZE(keys); i++) {
		if (same_letters(schema->fields[i].key, key))
			return schema->fields[i].key;
		keys[n++] = schema->fields[i].key;
	}
	return text_nearest(key, keys, n);
}
