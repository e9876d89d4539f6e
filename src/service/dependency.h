/* dependency.h - what a service waits for before it starts: the order of services, and whether a condition holds.
 * Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/strv.h"
#include "spec/spec.h"

/* ---- order ---- */

/* Services by their index in the spec; each stands behind all that it depends on, else in the order of the file. */
struct service_order {
	size_t *items;
	size_t count;
};

void service_order_done(struct service_order *order);
DEFINE_AUTO_DONE(service_order)

/* selected: names of services, which bring what they depend on along; NULL or empty: all. Fails with
 * ERR_NOT_FOUND for a selected one that is not there, ERR_INVALID_SPEC for a dependency that is not, and for a
 * cycle: "a -> b -> a". */
int service_order_make(const struct spec_deployment *spec, const struct strv *selected, struct service_order *ret,
		       struct error *err);

/* ---- conditions ---- */

/* What is known of all wanted replicas of a service together. */
struct service_view {
	bool is_job;
	unsigned wanted;        /* replicas */
	unsigned started;       /* run or have run */
	unsigned healthy;       /* run and are healthy; without a health check: run */
	unsigned succeeded;     /* ended with 0 */
	unsigned ended;         /* all that ended */
	const char *ended_name; /* of one that ended badly, or ended at all where that is bad; for people */
	int ended_code;
};

enum dependency_verdict {
	DEPENDENCY_PENDING,
	DEPENDENCY_MET,
	DEPENDENCY_HOPELESS, /* it can never be met: nothing starts an ended container again */
};

/*             service                    job
 * started     every replica was started  it was started
 * healthy     every replica is healthy   it ended with 0
 * ready       as healthy: there is no proxy that could know better
 * A service of no replicas meets everything. */
enum dependency_verdict dependency_check(enum spec_condition condition, const struct service_view *view);

/* "db is healthy", "migrate has ended with 0": what is waited for. Static text but for the name. */
const char *dependency_goal(enum spec_condition condition, bool is_job);
