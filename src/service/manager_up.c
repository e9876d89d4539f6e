/* manager_up.c - what `up` begins with: the order, the replicas, the plan, and the questions that are better asked
 * before anything is touched.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "service/manager_private.h"

/* ---- secrets ---- */

static int check_secret(const struct manager *m, const struct replica *replica, const char *entry, struct error *err)
{
	const struct secret_source *source = m->runtime->secrets;
	const char *equals = strchr(entry, '=');
	struct secret_value value = { 0 };
	int r;

	if (source)
		r = source->resolve(source, m->deployment, equals + 1, &value, err);
	else
		r = fail(err, ERR_CONFIGURATION, "secret %s: this node has no source of secrets", equals + 1);
	secret_value_done(&value);
	return r < 0 ? fail_while(err, "services.%s.env.%.*s", replica->config->service, (int)(equals - entry), entry)
		     : 0;
}

/* Of what will be started; the values are fetched again then. */
static int check_secrets(const struct manager *m, struct error *err)
{
	for (size_t i = 0; i < m->plan.count; i++) {
		const struct replica *replica;

		if (m->plan.actions[i].kind != PLAN_START)
			continue;
		replica = &m->replicas.items[m->plan.actions[i].replica];
		for (size_t j = 0; j < replica->config->secret_env.count; j++)
			if (check_secret(m, replica, replica->config->secret_env.items[j], err) < 0)
				return -1;
	}
	return 0;
}

/* ---- units ---- */

static int init_unit(struct manager *m, struct unit *unit, const struct replica *replica, struct error *err)
{
	const struct spec_service *service = &m->spec->services.items[replica->service];

	*unit = (struct unit){ .manager = m, .replica = replica, .exit_fd = -1 };
	if (!health_has_check(service))
		return 0;
	unit->policy = health_policy_from_spec(&service->health);
	unit->probe = probe_new(service, unit->policy.timeout_ns);
	return unit->probe ? 0 : fail_oom(err);
}

static int init_units(struct manager *m, struct error *err)
{
	m->units = calloc(m->replicas.count + 1, sizeof(*m->units));
	m->services = calloc(m->spec->services.count + 1, sizeof(*m->services));
	if (!m->units || !m->services)
		return fail_oom(err);
	for (size_t i = 0; i < m->replicas.count; i++) {
		struct service_run *run = &m->services[m->replicas.items[i].service];

		if (init_unit(m, &m->units[i], &m->replicas.items[i], err) < 0)
			return -1;
		if (run->n_units++ == 0)
			run->first_unit = i;
	}
	return 0;
}

static int add_dependent(struct manager *m, size_t service, const char *on)
{
	const struct spec_service *dependency = spec_find_service(m->spec, on);
	struct service_run *run = &m->services[dependency - m->spec->services.items];
	size_t *longer = reallocarray(run->dependents, run->n_dependents + 1, sizeof(*longer));

	if (!longer)
		return -ENOMEM;
	run->dependents = longer;
	run->dependents[run->n_dependents++] = service;
	return 0;
}

static int init_dependents(struct manager *m, struct error *err)
{
	for (size_t i = 0; i < m->order.count; i++) {
		const struct spec_service *service = &m->spec->services.items[m->order.items[i]];

		for (size_t j = 0; j < service->depends.count; j++)
			if (add_dependent(m, m->order.items[i], service->depends.items[j].service) < 0)
				return fail_oom(err);
	}
	return 0;
}

void manager_free_units(struct manager *m)
{
	for (size_t i = 0; m->units && i < m->replicas.count; i++)
		probe_free(m->units[i].probe);
	for (size_t i = 0; m->services && i < m->spec->services.count; i++)
		free(m->services[i].dependents);
	free(m->units);
	free(m->services);
}

/* ---- what is said aloud ---- */

static bool has_ready_condition(const struct manager *m)
{
	for (size_t i = 0; i < m->order.count; i++) {
		const struct spec_service *service = &m->spec->services.items[m->order.items[i]];

		for (size_t j = 0; j < service->depends.count; j++)
			if (service->depends.items[j].condition == SPEC_CONDITION_READY)
				return true;
	}
	return false;
}

static bool makes_lonely_network(const struct manager *m)
{
	for (size_t i = 0; i < m->plan.count; i++) {
		const struct plan_action *action = &m->plan.actions[i];

		if ((action->kind == PLAN_CREATE || action->kind == PLAN_RECREATE) &&
		    m->replicas.items[action->replica].config->network_mode == NETWORK_DEFAULT)
			return true;
	}
	return false;
}

static void tell_warnings(struct manager *m, const struct strv *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		manager_tell(m, MANAGER_WARNING, NULL, "%s", warnings->items[i]);
	if (has_ready_condition(m))
		manager_tell(m, MANAGER_WARNING, NULL, "`ready` counts as `healthy`: there is no proxy yet");
	if (makes_lonely_network(m))
		manager_tell(m, MANAGER_WARNING, NULL,
			     "containers have a network of their own with loopback alone (network_mode: host is the "
			     "node's)");
}

/* ---- all ---- */

static int make_plan(struct manager *m, const struct up_options *up, struct strv *warnings, struct error *err)
{
	struct replica_list_options replicas = {
		.spec = m->spec, .order = &m->order, .base_dir = up->base_dir, .environment = up->environment
	};
	struct plan_input input = {
		.spec = m->spec,
		.order = &m->order,
		.replicas = &m->replicas,
		.observed = &m->observed,
		.is_partial = up->services && up->services->count > 0,
	};

	if (service_order_make(m->spec, up->services, &m->order, err) < 0 ||
	    replica_list_make(&replicas, &m->replicas, warnings, err) < 0 ||
	    runtime_list(m->runtime, &m->observed, err) < 0)
		return -1;
	return plan_up(&input, &m->plan, err);
}

int manager_prepare_up(struct manager *m, const struct up_options *up, struct error *err)
{
	AUTO_DONE(strv) warnings = { 0 };

	if (make_plan(m, up, &warnings, err) < 0 || check_secrets(m, err) < 0 || init_units(m, err) < 0 ||
	    init_dependents(m, err) < 0)
		return -1;
	tell_warnings(m, &warnings);
	return 0;
}
