/* health.c - the state of one container's health. */
#include "service/health.h"

#include "base/clock.h"

#define LONGEST_NS (10ULL * 365 * 86400 * NSEC_PER_SEC) /* sums of times stay far from the end of 64 bits */

bool health_has_check(const struct spec_service *service)
{
	const struct spec_health *h = &service->health;
	bool is_as_absent = h->start_grace == 5 * NSEC_PER_SEC && h->interval == SPEC_NO_DURATION &&
			    h->timeout == SPEC_NO_DURATION && h->retries == 3 && h->check.type == SPEC_CHECK_TCP &&
			    h->check.tcp.port == 0;

	return service->rtype == SPEC_RTYPE_SERVICE && !is_as_absent;
}

static uint64_t given_or(uint64_t duration_ns, uint64_t initial_s)
{
	if (duration_ns == SPEC_NO_DURATION)
		return initial_s * NSEC_PER_SEC;
	return duration_ns < LONGEST_NS ? duration_ns : LONGEST_NS;
}

struct health_policy health_policy_from_spec(const struct spec_health *health)
{
	struct health_policy policy = {
		.start_grace_ns = given_or(health->start_grace, 5),
		.interval_ns = given_or(health->interval, 10),
		.timeout_ns = given_or(health->timeout, 5),
		.retries = health->retries > 0 ? (unsigned)health->retries : 1,
	};

	if (policy.interval_ns < HEALTH_FIRST_DELAY_NS)
		policy.interval_ns = HEALTH_FIRST_DELAY_NS;
	if (policy.timeout_ns == 0)
		policy.timeout_ns = HEALTH_FIRST_DELAY_NS;
	return policy;
}

static struct health_next check(struct health h, const struct health_policy *p, uint64_t now_ns)
{
	h.is_checking = true;
	h.is_late = false;
	h.due_ns = now_ns + p->timeout_ns;
	return (struct health_next){ h, HEALTH_CHECK };
}

static struct health_next rearm(struct health h, const struct health_policy *p, uint64_t now_ns)
{
	uint64_t delay_ns = p->interval_ns;

	if (h.state == HEALTH_STARTING) {
		h.delay_ns = h.delay_ns ? h.delay_ns * 2 : HEALTH_FIRST_DELAY_NS;
		if (h.delay_ns > HEALTH_SLOWEST_DELAY_NS)
			h.delay_ns = HEALTH_SLOWEST_DELAY_NS;
		if (h.delay_ns < delay_ns)
			delay_ns = h.delay_ns;
	}
	h.due_ns = now_ns + delay_ns;
	return (struct health_next){ h, HEALTH_REARM };
}

static struct health after_success(struct health h)
{
	h.state = HEALTH_HEALTHY;
	h.failures = 0;
	return h;
}

/* The quick checks of a start would use the retries up at once: one failure an interval counts. */
static bool counts(const struct health *h, const struct health_policy *p, uint64_t now_ns)
{
	if (h->state != HEALTH_STARTING)
		return true;
	if (now_ns - h->started_ns < p->start_grace_ns)
		return false;
	return h->counted_ns == 0 || now_ns - h->counted_ns >= p->interval_ns;
}

static struct health after_failure(struct health h, const struct health_policy *p, uint64_t now_ns)
{
	if (!counts(&h, p, now_ns))
		return h;
	h.counted_ns = now_ns;
	if (h.failures < p->retries)
		h.failures++;
	if (h.failures == p->retries)
		h.state = HEALTH_UNHEALTHY;
	return h;
}

/* The result of a check that was given up changes nothing: it was counted as a failure when it was late. */
static struct health_next after_result(struct health h, const struct health_policy *p, bool is_good, uint64_t now_ns)
{
	if (!h.is_late)
		h = is_good ? after_success(h) : after_failure(h, p, now_ns);
	h.is_checking = h.is_late = false;
	return rearm(h, p, now_ns);
}

static struct health_next on_timer(struct health h, const struct health_policy *p, uint64_t now_ns)
{
	if (!h.is_checking && now_ns >= h.due_ns)
		return check(h, p, now_ns);
	if (h.is_checking && !h.is_late && now_ns >= h.due_ns) {
		h = after_failure(h, p, now_ns);
		h.is_late = true; /* the next check begins once this one is over */
	}
	return (struct health_next){ h, HEALTH_NOTHING };
}

static struct health_next while_running(struct health h, const struct health_policy *p, enum health_event event,
					uint64_t now_ns)
{
	switch (event) {
	case HEALTH_TIMER:
		return on_timer(h, p, now_ns);
	case HEALTH_GOOD:
	case HEALTH_BAD:
		if (!h.is_checking)
			break;
		return after_result(h, p, event == HEALTH_GOOD, now_ns);
	case HEALTH_ENDED:
		h.state = HEALTH_OVER;
		break;
	case HEALTH_STARTED:
		break;
	}
	return (struct health_next){ h, HEALTH_NOTHING };
}

struct health_next health_next(struct health h, const struct health_policy *p, enum health_event event, uint64_t now_ns)
{
	if (event == HEALTH_STARTED) {
		h = (struct health){ .started_ns = now_ns };
		return check(h, p, now_ns);
	}
	switch (h.state) {
	case HEALTH_STARTING:
	case HEALTH_HEALTHY:
	case HEALTH_UNHEALTHY:
		return while_running(h, p, event, now_ns);
	case HEALTH_OVER:
		break;
	}
	return (struct health_next){ h, HEALTH_NOTHING };
}
