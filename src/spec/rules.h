/* rules.h - what fields.def asks of a value beyond its shape: one function a rule, and whether this node can. */
#pragma once
#include <stdbool.h>

struct node;
struct reader;
struct path;

/* member is the value that was read; a rule over a whole structure may complete it. */
#define RULE(name) void name(struct reader *r, const struct node *node, void *member, const struct path *path)

RULE(rule_version);
RULE(rule_deployment_name);
RULE(rule_not_empty);
RULE(rule_cpu);
RULE(rule_memory);
RULE(rule_wasm_memory);
RULE(rule_tmpfs_size);
RULE(rule_tmpfs_mode);
RULE(rule_duration_text);
RULE(rule_role);
RULE(rule_env);
RULE(rule_url);
RULE(rule_init_action);
RULE(rule_volume_name);
RULE(rule_schedule);
RULE(rule_hostname);
RULE(rule_signal);
RULE(rule_backends);

/* Over several fields of a structure. */
RULE(rule_scale_range);
RULE(rule_ulimit);
RULE(rule_service);
RULE(rule_deployment);

/* Whether a value is in effect on this node after all. */
bool spec_is_private(const char *text);
bool spec_is_host(const char *text);
bool spec_host_is_amd64(const char *text);
bool spec_host_is_arm64(const char *text);
