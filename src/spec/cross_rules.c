/* cross_rules.c - rules over several fields: of a structure, of a service, of the whole deployment. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hashmap.h"
#include "spec/name.h"
#include "spec/reader.h"
#include "spec/rules.h"
#include "spec/spec.h"

/* The node of a member where it was given, else that of the structure. */
static const struct node *place_of(const struct node *node, const char *key)
{
	const struct node *member = node_member(node, key);

	return member ? member : node;
}

RULE(rule_scale_range)
{
	const struct spec_scale_adaptive *scale = member;
	struct path at = { path, "min", 0 };

	if (scale->min > scale->max)
		reader_report(r, SPEC_ERROR, place_of(node, "min"), &at, "min %lld is more than max %lld",
			      (long long)scale->min, (long long)scale->max);
}

/* One given is both, none is 0 and 0. */
RULE(rule_ulimit)
{
	struct spec_ulimit *limit = member;

	if (limit->soft == SPEC_UNSET)
		limit->soft = limit->hard == SPEC_UNSET ? 0 : limit->hard;
	if (limit->hard == SPEC_UNSET)
		limit->hard = limit->soft;
	if (limit->hard != -1 && (limit->soft > limit->hard || limit->soft == -1))
		reader_report(r, SPEC_FLAW, node, path, "the soft limit is above the hard one");
}

/* ---- a service ---- */

static void check_schedule(struct reader *r, const struct spec_service *s, const struct node *node,
			   const struct path *path)
{
	const struct node *given = node_member(node, "schedule");
	bool is_given = given && !node_is_null(given); /* and wrong, when it is not there */
	struct path at = { path, "schedule", 0 };

	if (s->schedule && s->rtype != SPEC_RTYPE_CRON && s->rtype != SPEC_RTYPE_UNSET)
		reader_report(r, SPEC_ERROR, place_of(node, "schedule"), &at,
			      "only a cron service has a schedule (write rtype: cron)");
	if (!s->schedule && s->rtype == SPEC_RTYPE_CRON && !is_given)
		reader_report(r, SPEC_ERROR, place_of(node, "rtype"), &at,
			      "a cron service needs a schedule (schedule: \"0 0 3 * * *\")");
}

static void check_endpoints(struct reader *r, const struct spec_service *s, const struct node *node,
			    const struct path *path)
{
	AUTO_DONE(hashmap) seen = { 0 };
	struct path list = { path, "endpoints", 0 };
	const struct node *nodes = node_member(node, "endpoints");

	for (size_t i = 0; i < s->endpoints.count; i++) {
		struct path item = { &list, NULL, i }, at = { &item, "name", 0 };
		const char *name = s->endpoints.items[i].name;
		int e = name ? hashmap_put(&seen, name, &seen) : 0;

		if (e == -EEXIST)
			reader_report(r, SPEC_ERROR, place_of(nodes->children[i], "name"), &at,
				      "there is an endpoint `%.60s` already", name);
		else if (e < 0)
			r->out_of_memory = true;
	}
}

/* The roles of the groups, of which no two may be the same; and the ones that endpoints name. */
static void check_roles(struct reader *r, const struct spec_service *s, const struct node *node,
			const struct path *path)
{
	AUTO_DONE(hashmap) roles = { 0 };
	struct path groups = { path, "replica_groups", 0 }, endpoints = { path, "endpoints", 0 };

	for (size_t i = 0; i < s->replica_groups.count; i++) {
		struct path item = { &groups, NULL, i }, at = { &item, "role", 0 };
		const struct node *group = node_member(node, "replica_groups")->children[i];
		const char *role = s->replica_groups.items[i].role;
		int e = role ? hashmap_put(&roles, role, &roles) : 0;

		if (e == -EEXIST)
			reader_report(r, SPEC_FLAW, place_of(group, "role"), &at, "there is a group `%.60s` already",
				      role);
		else if (e < 0)
			r->out_of_memory = true;
	}
	for (size_t i = 0; i < s->endpoints.count; i++) {
		struct path item = { &endpoints, NULL, i }, at = { &item, "target_role", 0 };
		const char *role = s->endpoints.items[i].target_role;

		if (role && !hashmap_get(&roles, role))
			reader_report(r, SPEC_WARNING, node_member(node, "endpoints")->children[i], &at,
				      "there is no group `%.60s`", role);
	}
}

/* NULL where it was wrong. */
static const char *target_of(const struct spec_storage *m)
{
	switch (m->type) {
	case SPEC_STORAGE_BIND:
		return m->bind.target;
	case SPEC_STORAGE_NAMED:
		return m->named.target;
	case SPEC_STORAGE_ANONYMOUS:
		return m->anonymous.target;
	case SPEC_STORAGE_TMPFS:
		return m->tmpfs.target;
	case SPEC_STORAGE_S3:
		return m->s3.target;
	case SPEC_STORAGE_UNSET:
		break;
	}
	return NULL;
}

static void check_mounts(struct reader *r, const struct spec_service *s, const struct node *node,
			 const struct path *path)
{
	struct path list = { path, "storage", 0 };

	for (size_t i = 0; i < s->storage.count; i++) {
		const char *target = target_of(&s->storage.items[i]);
		struct path item = { &list, NULL, i }, at = { &item, "target", 0 };

		if (target && target[0] != '/')
			reader_report(r, SPEC_FLAW, place_of(node_member(node, "storage")->children[i], "target"), &at,
				      "`%.100s` is no absolute path in the container", target);
	}
}

/* ---- wasm ---- */

#define CAPABILITIES(X)    \
	X(config, 1)       \
	X(keyvalue, 2)     \
	X(logging, 4)      \
	X(secrets, 8)      \
	X(metrics, 16)     \
	X(http_client, 32) \
	X(cli, 64)         \
	X(filesystem, 128) \
	X(sockets, 256)

enum capability {
#define X(name, bit) CAPABILITY_##name = bit,
	CAPABILITIES(X)
#undef X
};

/* What each service type offers, from section 10 of the format. 0: no wasm type. */
static const unsigned offered[] = {
#define C(name) CAPABILITY_##name
	[SPEC_TYPE_WASM_HTTP] = C(config) | C(keyvalue) | C(logging) | C(http_client),
	[SPEC_TYPE_WASM_ROUTER] = C(config) | C(keyvalue) | C(logging) | C(http_client),
	[SPEC_TYPE_WASM_PLUGIN] = C(config) | C(keyvalue) | C(logging) | C(secrets) | C(metrics) | C(http_client) |
				  C(cli) | C(filesystem),
	[SPEC_TYPE_WASM_TRANSFORMER] = C(logging) | C(cli),
	[SPEC_TYPE_WASM_AUTHENTICATOR] = C(config) | C(logging) | C(secrets) | C(http_client),
	[SPEC_TYPE_WASM_RATE_LIMITER] = C(config) | C(keyvalue) | C(logging) | C(metrics) | C(cli),
	[SPEC_TYPE_WASM_MIDDLEWARE] = C(config) | C(logging) | C(http_client),
	[SPEC_TYPE_JOB] = 0,
#undef C
};

static void check_capability(struct reader *r, const struct spec_service *s, const struct node *node,
			     const struct path *path, const char *name, bool is_asked, enum capability bit)
{
	struct path at = { path, name, 0 };

	if (is_asked && !(offered[s->service_type] & bit))
		reader_report(r, SPEC_ERROR, place_of(node, name), &at, "%s has no %s%s",
			      spec_service_type_word(s->service_type), name,
			      node_member(node, name) ? "" : " (it is on unless you write false)");
}

static void check_capabilities(struct reader *r, const struct spec_service *s, const struct node *wasm,
			       const struct path *path)
{
	const struct spec_wasm_capabilities *asked = s->wasm->capabilities;
	struct path at = { path, "capabilities", 0 };
	const struct node *node = place_of(wasm, "capabilities");

	if (!asked)
		return;
#define X(name, bit) check_capability(r, s, node, &at, #name, asked->name, CAPABILITY_##name);
	CAPABILITIES(X)
#undef X
}

static void check_http_endpoint(struct reader *r, const struct spec_service *s, const struct node *node,
				const struct path *path)
{
	struct path at = { path, "endpoints", 0 };

	if (s->service_type != SPEC_TYPE_WASM_HTTP || s->endpoints.count == 0)
		return;
	for (size_t i = 0; i < s->endpoints.count; i++)
		if (s->endpoints.items[i].protocol == SPEC_PROTOCOL_HTTP ||
		    s->endpoints.items[i].protocol == SPEC_PROTOCOL_HTTPS)
			return;
	reader_report(r, SPEC_ERROR, place_of(node, "endpoints"), &at,
		      "wasm_http has no http endpoint (give one protocol: http)");
}

static void check_preopens(struct reader *r, const struct spec_wasm *wasm, const struct node *node,
			   const struct path *path)
{
	struct path list = { path, "preopens", 0 };

	for (size_t i = 0; i < wasm->preopens.count; i++) {
		struct path item = { &list, NULL, i };
		const struct node *entry = node_member(node, "preopens")->children[i];
		const struct spec_wasm_preopen *p = &wasm->preopens.items[i];
		const char *key = !*p->source ? "source" : "target";
		struct path at = { &item, key, 0 };

		if (!*p->source || !*p->target)
			reader_report(r, SPEC_ERROR, place_of(entry, key), &at, "the %s is empty", key);
	}
}

static void check_wasm(struct reader *r, const struct spec_service *s, const struct node *node, const struct path *path)
{
	bool is_alias = !node_member(node, "wasm");
	const struct node *wasm = place_of(node, is_alias ? "wasm_http" : "wasm");
	struct path at = { path, is_alias ? "wasm_http" : "wasm", 0 }, least = { &at, "min_instances", 0 };

	if (!s->wasm || s->service_type == SPEC_TYPE_UNSET)
		return;
	if (offered[s->service_type] == 0) {
		reader_report(r, SPEC_ERROR, wasm, &at, "a %s service has no wasm (write service_type: wasm_http)",
			      spec_service_type_word(s->service_type));
		return;
	}
	if (s->wasm->min_instances > s->wasm->max_instances)
		reader_report(r, SPEC_ERROR, place_of(wasm, "min_instances"), &least,
			      "min_instances %lld is more than max_instances %lld", (long long)s->wasm->min_instances,
			      (long long)s->wasm->max_instances);
	check_capabilities(r, s, wasm, &at);
	check_http_endpoint(r, s, node, path);
	check_preopens(r, s->wasm, wasm, &at);
}

RULE(rule_service)
{
	struct spec_service *s = member;

	if (s->host_network == SPEC_YES && s->network_mode.kind == SPEC_NETWORK_DEFAULT)
		s->network_mode.kind = SPEC_NETWORK_HOST;
	check_schedule(r, s, node, path);
	check_endpoints(r, s, node, path);
	check_roles(r, s, node, path);
	check_mounts(r, s, node, path);
	check_wasm(r, s, node, path);
}

/* ---- the deployment ---- */

/* Services by name, and what the search for cycles knows of each. */
struct graph {
	const struct spec_deployment *deployment;
	struct hashmap index;  /* name -> the service */
	unsigned char *colour; /* 0 not seen, 1 on the way, 2 done */
	size_t *way, *next;    /* the services on the way, and which of each one's dependencies comes next */
	size_t depth;
};

static struct spec_service *look_up(const struct graph *g, const char *name)
{
	return hashmap_get(&g->index, name);
}

static void report_dependency(struct reader *r, enum spec_severity severity, size_t service, size_t dependency,
			      const struct graph *g, const char *before, const char *after)
{
	const struct spec_service *s = &g->deployment->services.items[service];
	const struct node *list = node_member(r->service_nodes[service], "depends");
	struct path root = { 0 }, services = { &root, "services", 0 }, name = { &services, s->name, 0 };
	struct path depends = { &name, "depends", 0 }, item = { &depends, NULL, dependency };

	reader_report(r, severity, place_of(list->children[dependency], "service"), &item, "%s`%.63s`%s", before,
		      s->depends.items[dependency].service, after);
}

static void check_dependencies(struct reader *r, const struct graph *g)
{
	for (size_t i = 0; i < g->deployment->services.count; i++) {
		const struct spec_service *s = &g->deployment->services.items[i];

		for (size_t k = 0; k < s->depends.count; k++) {
			const char *name = s->depends.items[k].service;
			const struct spec_service *needed = name ? look_up(g, name) : NULL;

			if (!name)
				continue;
			if (!needed)
				report_dependency(r, SPEC_ERROR, i, k, g, "there is no service ", "");
			else if (needed == s)
				report_dependency(r, SPEC_FLAW, i, k, g, "", " depends on itself");
			else if (needed->rtype == SPEC_RTYPE_CRON)
				report_dependency(r, SPEC_FLAW, i, k, g, "", " is a cron service, which is never up");
		}
	}
}

/* The next step of the depth-first search from the service on top of the way. */
static void visit_next(struct reader *r, struct graph *g)
{
	size_t top = g->way[g->depth - 1];
	const struct spec_service *s = &g->deployment->services.items[top], *needed;
	size_t k = g->next[g->depth - 1]++, at;

	if (k == s->depends.count) {
		g->colour[top] = 2;
		g->depth--;
		return;
	}
	needed = s->depends.items[k].service ? look_up(g, s->depends.items[k].service) : NULL;
	if (!needed || needed == s)
		return;
	at = (size_t)(needed - g->deployment->services.items);
	if (g->colour[at] == 1)
		report_dependency(r, SPEC_FLAW, top, k, g, "this dependency on ", " closes a circle");
	if (g->colour[at] != 0)
		return;
	g->colour[at] = 1;
	g->next[g->depth] = 0;
	g->way[g->depth++] = at;
}

static void check_cycles(struct reader *r, struct graph *g)
{
	for (size_t i = 0; i < g->deployment->services.count; i++) {
		if (g->colour[i] != 0)
			continue;
		g->colour[i] = 1;
		g->next[0] = 0;
		g->way[0] = i;
		g->depth = 1;
		while (g->depth > 0)
			visit_next(r, g);
	}
}

/* Service names become parts of paths, of cgroups and of DNS names. */
static void check_service_names(struct reader *r, const struct spec_deployment *d, const struct node *node)
{
	const struct node *services = node_member(node, "services");
	struct path root = { 0 }, list = { &root, "services", 0 };

	for (uint32_t i = 0; d->services.count > 0 && i < services->count; i++) {
		const struct node *name = services->children[2 * i];
		struct path at = { &list, name->text, 0 };

		if (name->kind == NODE_SCALAR && !name_is_dns_label(name->text))
			reader_report(r, SPEC_ERROR, name, &at,
				      "`%.63s` is no service name (1 to 63 of a-z, 0-9 and `-`, no `-` first or last)",
				      name->text);
	}
}

static bool graph_init(struct reader *r, struct graph *g)
{
	size_t n = g->deployment->services.count;

	g->colour = reader_alloc(r, n, 1);
	g->way = reader_alloc(r, n, sizeof(size_t));
	g->next = reader_alloc(r, n, sizeof(size_t));
	for (size_t i = 0; i < n; i++)
		if (g->deployment->services.items[i].name &&
		    hashmap_put(&g->index, g->deployment->services.items[i].name, &g->deployment->services.items[i]) <
			    0)
			r->out_of_memory = true;
	return !r->out_of_memory;
}

RULE(rule_deployment)
{
	struct graph g = { .deployment = member };

	(void)path;
	check_service_names(r, member, node);
	if (graph_init(r, &g)) {
		check_dependencies(r, &g);
		check_cycles(r, &g);
	}
	hashmap_done(&g.index);
}
