/* world.h - a node for tests of the manager: the fake runtime on a virtual clock, a deployment from a text, and the
 * story of what happened, one line an event: "2.5 started demo.web.1".
 */
#pragma once
#include "support/cmocka_setup.h"

#include "base/strbuf.h"
#include "loop/virtual_clock.h"
#include "runtime/fake/fake.h"
#include "service/manager.h"

struct world {
	struct virtual_clock *clock;
	struct runtime *rt;
	struct strv environment;
	struct spec_deployment *spec;
	struct manager *manager;
	struct strbuf story;
	struct error error; /* of the last run */
	uint64_t begin_ns;  /* of the last run: times in the story count from it */

	/* A test's hands in the course of events: called for each, after it was told. */
	void (*on_event)(struct world *w, const struct manager_event *event);
	unsigned events;
	bool wants_stop; /* set by world_stop while there is no manager yet */
};

/* manager_stop, in the course of an event too, and within manager_up. */
void world_stop(struct world *w);

/* For cmocka: *state is a world. */
int world_set_up(void **state);
int world_tear_down(void **state);

enum world_flags { WORLD_DETACHED = 1 };

/* Begins an `up`; services: names joined by blanks, NULL: all. The manager, or NULL with w->error. */
struct manager *world_begin_up(struct world *w, const char *spec, const char *services, unsigned flags);

/* `up` to its end: the exit status, -1 with w->error when it failed. The story begins anew. */
int world_up(struct world *w, const char *spec, unsigned flags);
int world_finish(struct world *w);

/* `down` to its end: 0 or -1. */
int world_down(struct world *w, const char *deployment);

/* The manager is gone, as after a kill -9. */
void world_drop_manager(struct world *w);

/* Asserts that the story is these lines, joined by "; ". */
void assert_story(struct world *w, const char *lines);

/* Asserts that this line comes before that one; each must be there. */
void assert_before(struct world *w, const char *first, const char *second);
void assert_told(struct world *w, const char *part);
void assert_not_told(struct world *w, const char *part);

/* The status of a container, "" when there is none. */
const char *world_status(struct world *w, const char *name);
unsigned world_count(struct world *w, enum container_status status);

#define HEAD "version: v1\ndeployment: demo\nservices:\n"

/* A service of one replica that runs this script; more: lines of YAML. */
#define SERVICE(name, script, more)                                                        \
	"  " name ":\n    image: {name: busybox}\n    scale: {mode: fixed, replicas: 1}\n" \
	"    network_mode: none\n    command: {args: [sh, -c, \"" script "\"]}\n" more
#define JOB(name, script, more) SERVICE(name, script, "    rtype: job\n" more)
#define DEPENDS(on) "    depends: [{service: " on "}]\n"
#define DEPENDS_WITH(on, more) "    depends: [{service: " on ", " more "}]\n"
#define HEALTH(command) "    health: {check: {type: command, command: \"" command "\"}}\n"
