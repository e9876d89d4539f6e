/* health.h - whether one container is healthy, from the results of its checks. Pure: time is an argument.
 *
 * The first check is made as soon as the container runs, and while it has not been healthy yet checks come quickly,
 * from HEALTH_FIRST_DELAY on and then ever slower up to HEALTH_SLOWEST_DELAY (or the interval, where that is
 * shorter), so that nobody waits for an interval to learn of a start. What fails within start_grace does not count;
 * after it one failure an interval does. `retries` failures in a row make it unhealthy, the first success healthy.
 * docs/design/health.md
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "spec/spec.h"

#define HEALTH_FIRST_DELAY_NS 100000000ULL
#define HEALTH_SLOWEST_DELAY_NS 1000000000ULL

struct health_policy {
	uint64_t start_grace_ns, interval_ns, timeout_ns;
	unsigned retries; /* at least 1 */
};

/* Whether the service has a check. Without a health block there is none, and running is healthy; nor is there for
 * a block that says just what an absent one means (start_grace 5 s, tcp port 0), nor for a job, which is judged
 * by its end. */
bool health_has_check(const struct spec_service *service);

/* With the defaults where the spec says nothing: grace 5 s, interval 10 s, timeout 5 s, retries 3. */
struct health_policy health_policy_from_spec(const struct spec_health *health);

enum health_state {
	HEALTH_STARTING, /* never was healthy */
	HEALTH_HEALTHY,
	HEALTH_UNHEALTHY,
	HEALTH_OVER, /* the container ended */
};

enum health_event {
	HEALTH_STARTED, /* the container runs */
	HEALTH_TIMER,   /* due_ns has come: the next check, or the one under way is late */
	HEALTH_GOOD,    /* the check's result */
	HEALTH_BAD,
	HEALTH_ENDED,
};

enum health_action {
	HEALTH_NOTHING,
	HEALTH_CHECK, /* begin a check now; due_ns is when it is late */
	HEALTH_REARM, /* wake me at due_ns */
};

struct health {
	enum health_state state;
	uint64_t started_ns;
	uint64_t due_ns;     /* of the timer */
	uint64_t counted_ns; /* when a failure was last counted; 0: never */
	uint64_t delay_ns;   /* between the last two checks of a start */
	unsigned failures;   /* in a row */
	bool is_checking;    /* a check is under way, perhaps a late one */
	bool is_late;
};

struct health_next {
	struct health now;
	enum health_action action;
};

struct health_next health_next(struct health health, const struct health_policy *policy, enum health_event event,
			       uint64_t now_ns);
