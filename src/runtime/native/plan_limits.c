/* plan_limits.c - the linux section: namespaces, control group, limits, device rules. */
#include <sched.h>

#include "runtime/native/native.h"

#define UNSUPPORTED_NAMESPACES (CLONE_NEWUSER | 0x80UL /* CLONE_NEWTIME */)

static int plan_namespaces(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;

	if (c->joined_namespaces.count > 0)
		return fail(err, ERR_UNSUPPORTED, "namespace %s: joining another container's",
			    c->joined_namespaces.items[0]);
	if (c->namespaces & UNSUPPORTED_NAMESPACES)
		return fail(err, ERR_UNSUPPORTED, "user and time namespaces");
	if (!(c->namespaces & CLONE_NEWNS) || !(c->namespaces & CLONE_NEWPID))
		return fail(err, ERR_UNSUPPORTED, "a container without mount and pid namespaces of its own");
	p->b.head.namespaces = (uint32_t)c->namespaces;
	if (c->namespaces & CLONE_NEWNET)
		p->b.head.flags |= PLAN_LOOPBACK_UP;
	return 0;
}

static int plan_device_rules(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	autofree struct plan_device_rule *rules = calloc(c->n_device_rules + 1, sizeof(*rules));

	if (!rules)
		return fail_oom(err);
	for (size_t i = 0; i < c->n_device_rules; i++)
		rules[i] = (struct plan_device_rule){ .is_allowed = c->device_rules[i].is_allowed,
						      .type = (uint32_t)c->device_rules[i].type,
						      .access = c->device_rules[i].access,
						      .major = c->device_rules[i].major,
						      .minor = c->device_rules[i].minor };
	p->b.head.device_rules = plan_add_array(&p->b, rules, c->n_device_rules, sizeof(*rules));
	return 0;
}

/* A limit that cannot be set is no limit: the container does not start. */
static int plan_cgroup(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;

	if (p->native->layout >= 0) {
		p->b.head.cgroup_path = plan_add_text(&p->b, c->cgroups_path);
		return 0;
	}
	if (c->memory_limit > 0 || c->cpu_quota_us > 0 || c->pids_limit > 0)
		return fail_errno_as(err, ERR_UNSUPPORTED, p->native->layout, "limits: /sys/fs/cgroup");
	return 0;
}

int plan_limits(struct plan_context *p, struct error *err)
{
	const struct runtime_config *c = p->config;
	struct plan *head = &p->b.head;

	if (plan_namespaces(p, err) < 0 || plan_device_rules(p, err) < 0)
		return -1;
	head->memory_bytes = c->memory_limit;
	head->cpu_quota_us = c->cpu_quota_us;
	head->cpu_period_us = c->cpu_period_us ? c->cpu_period_us : 100000;
	head->pids = c->pids_limit;
	return plan_cgroup(p, err);
}
