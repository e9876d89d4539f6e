/* test_plan.c - what is to be done: tables of cases, then any spec against any state of the node. */
#include "support/spec_text.h"

#include "base/hashmap.h"
#include "service/container_from_spec.h"
#include "service/plan.h"

/* ---- a node in memory ---- */

struct node {
	struct container_list list;
	unsigned created;
};

static struct container_info *add_container(struct node *node, const char *deployment, const char *service,
					    const char *name, unsigned replica)
{
	struct container_info *info = calloc(1, sizeof(*info));

	snprintf(info->id, sizeof(info->id), "%064x", ++node->created);
	info->name = strdup(name);
	info->deployment = deployment ? strdup(deployment) : NULL;
	info->service = service ? strdup(service) : NULL;
	info->replica = replica;
	node->list.items = reallocarray(node->list.items, node->list.count + 1, sizeof(info));
	node->list.items[node->list.count++] = info;
	return info;
}

static struct container_info *create(struct node *node, const struct container_config *config)
{
	struct container_info *info =
		add_container(node, config->deployment, config->service, config->name, config->replica);

	strv_copy(&info->labels, &config->labels);
	return info;
}

static struct container_info *find(const struct node *node, const char *name)
{
	for (size_t i = 0; i < node->list.count; i++)
		if (strcmp(node->list.items[i]->name, name) == 0)
			return node->list.items[i];
	return NULL;
}

static void drop(struct node *node, const char *name)
{
	for (size_t i = 0; i < node->list.count; i++) {
		if (strcmp(node->list.items[i]->name, name) != 0)
			continue;
		container_info_free(node->list.items[i]);
		memmove(&node->list.items[i], &node->list.items[i + 1],
			(node->list.count - i - 1) * sizeof(node->list.items[0]));
		node->list.count--;
		return;
	}
}

static void set_status(struct container_info *info, enum container_status status, int code)
{
	info->status = status;
	info->exit = (struct exit_record){ .is_known = status == CONTAINER_EXITED, .code = code };
}

/* ---- a spec, its replicas and its plan ---- */

struct trial {
	struct spec_deployment *spec;
	struct service_order order;
	struct replica_list replicas;
	struct plan plan;
};

static void begin(struct trial *t, const char *text, const struct strv *selected)
{
	struct replica_list_options options = { .order = &t->order };

	t->spec = spec_from_text(text);
	options.spec = t->spec;
	assert_int_equal(service_order_make(t->spec, selected, &t->order, NULL), 0);
	assert_int_equal(replica_list_make(&options, &t->replicas, NULL, NULL), 0);
}

static void plan(struct trial *t, const struct node *node, bool is_partial)
{
	struct plan_input input = { t->spec, &t->order, &t->replicas, &node->list, is_partial };

	plan_done(&t->plan);
	assert_int_equal(plan_up(&input, &t->plan, NULL), 0);
}

static void end(struct trial *t)
{
	plan_done(&t->plan);
	replica_list_done(&t->replicas);
	service_order_done(&t->order);
	spec_deployment_free(t->spec);
	*t = (struct trial){ 0 };
}

static const char *const kind_words[] = {
	[PLAN_PULL] = "pull", [PLAN_KEEP] = "keep",     [PLAN_REMOVE] = "remove",
	[PLAN_WAIT] = "wait", [PLAN_CREATE] = "create", [PLAN_RECREATE] = "recreate",
	[PLAN_STOP] = "stop", [PLAN_START] = "start",   [PLAN_REMOVE_VOLUMES] = "volumes",
};

static const char *subject(const struct trial *t, const struct plan_action *action)
{
	if (action->kind == PLAN_WAIT)
		return action->dependency->service;
	if (action->kind == PLAN_PULL)
		return t->replicas.items[action->replica].config->image;
	if (action->replica != PLAN_NONE)
		return t->replicas.items[action->replica].config->name;
	return action->container ? action->container->name : "";
}

static void assert_plan(const struct trial *t, const char *wanted)
{
	AUTO_DONE(strbuf) text = { 0 };

	strbuf_add_text(&text, "");
	for (size_t i = 0; i < t->plan.count; i++)
		strbuf_addf(&text, "%s%s %s", i ? ", " : "", kind_words[t->plan.actions[i].kind],
			    subject(t, &t->plan.actions[i]));
	assert_string_equal(strbuf_peek(&text), wanted);
}

#define HEAD "version: v1\ndeployment: demo\nservices:\n"
#define SERVICE(name, more) "  " name ":\n    image: {name: busybox}\n    scale: {mode: fixed, replicas: 1}\n" more
#define JOB(name, more) "  " name ":\n    rtype: job\n    image: {name: busybox}\n" more
#define DEPENDS(on) "    depends: [{service: " on "}]\n"

static void on_an_empty_node_everything_is_made_in_order(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	begin(&t, HEAD SERVICE("web", DEPENDS("db")) SERVICE("db", ""), NULL);
	plan(&t, &node, false);
	assert_plan(&t,
		    "pull busybox, create demo.db.1, start demo.db.1, wait db, create demo.web.1, start demo.web.1");
	assert_int_equal(t.plan.n_pulls, 1);
	end(&t);
}

static void each_state_of_a_container_has_its_answer(void **state)
{
	static const struct {
		enum container_status status;
		int code;
		const char *service, *job;
	} cases[] = {
		{ CONTAINER_PENDING, 0, "start demo.x.1", "start demo.x.1" },
		{ CONTAINER_INITIALIZING, 0, "keep demo.x.1", "keep demo.x.1" },
		{ CONTAINER_RUNNING, 0, "keep demo.x.1", "keep demo.x.1" },
		{ CONTAINER_PAUSED, 0, "keep demo.x.1", "keep demo.x.1" },
		{ CONTAINER_STOPPING, 0, "stop demo.x.1, start demo.x.1", "stop demo.x.1, start demo.x.1" },
		{ CONTAINER_EXITED, 0, "start demo.x.1", "keep demo.x.1" },
		{ CONTAINER_EXITED, 1, "start demo.x.1", "start demo.x.1" },
		{ CONTAINER_EXITED, 137, "start demo.x.1", "start demo.x.1" },
		{ CONTAINER_FAILED, 0, "start demo.x.1", "start demo.x.1" },
		{ CONTAINER_UNKNOWN, -1, "start demo.x.1", "start demo.x.1" },
	};
	static const char *const texts[] = { HEAD SERVICE("x", ""), HEAD JOB("x", "") };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t is_job = 0; is_job < 2; is_job++) {
			struct trial t = { 0 };
			struct node node = { 0 };

			begin(&t, texts[is_job], NULL);
			set_status(create(&node, t.replicas.items[0].config), cases[i].status, cases[i].code);
			plan(&t, &node, false);
			assert_plan(&t, is_job ? cases[i].job : cases[i].service);
			container_list_done(&node.list);
			end(&t);
		}
}

static void a_changed_config_is_recreated_a_job_that_succeeded_too(void **state)
{
	static const char *const texts[] = { HEAD SERVICE("x", ""), HEAD JOB("x", "") };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct trial t = { 0 };
		struct node node = { 0 };
		struct container_info *info;

		begin(&t, texts[i], NULL);
		info = create(&node, t.replicas.items[0].config);
		set_status(info, CONTAINER_EXITED, 0);
		strv_env_set(&info->labels, LABEL_CONFIG_HASH, "sha256:other");
		plan(&t, &node, false);
		assert_plan(&t, "pull busybox, recreate demo.x.1, start demo.x.1");
		assert_int_equal(t.plan.actions[1].reason, PLAN_REASON_CHANGED);
		container_list_done(&node.list);
		end(&t);
	}
}

static void scaling_down_removes_the_highest_numbers_first_one_after_the_other(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	begin(&t, HEAD SERVICE("web", ""), NULL);
	set_status(create(&node, t.replicas.items[0].config), CONTAINER_RUNNING, 0);
	add_container(&node, "demo", "web", "demo.web.2", 2);
	add_container(&node, "demo", "web", "demo.web.10", 10);
	plan(&t, &node, false);
	assert_plan(&t, "remove demo.web.10, remove demo.web.2, keep demo.web.1");
	assert_int_equal(t.plan.actions[0].reason, PLAN_REASON_SCALED_DOWN);
	assert_int_equal(t.plan.actions[1].n_edges, 1);
	assert_int_equal(t.plan.edges[t.plan.actions[1].first_edge], 0);
	container_list_done(&node.list);
	end(&t);
}

static void what_the_spec_does_not_name_goes_unless_only_some_services_are_wanted(void **state)
{
	AUTO_DONE(strv) selected = { 0 };
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	add_container(&node, "demo", "old", "demo.old.1", 1);
	add_container(&node, "demo", "web", "demo.web.2", 2);
	begin(&t, HEAD SERVICE("web", ""), NULL);
	plan(&t, &node, false);
	assert_plan(&t, "pull busybox, remove demo.old.1, remove demo.web.2, create demo.web.1, start demo.web.1");
	end(&t);

	strv_add(&selected, "web");
	begin(&t, HEAD SERVICE("web", "") SERVICE("other", ""), &selected);
	plan(&t, &node, true);
	assert_plan(&t, "pull busybox, remove demo.web.2, create demo.web.1, start demo.web.1");
	container_list_done(&node.list);
	end(&t);
}

static void another_deployment_with_the_same_services_is_not_touched(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	add_container(&node, "demo2", "web", "demo2.web.1", 1);
	add_container(&node, NULL, NULL, "demo.web.7", 0);
	begin(&t, HEAD SERVICE("web", ""), NULL);
	plan(&t, &node, false);
	assert_plan(&t, "pull busybox, create demo.web.1, start demo.web.1");
	container_list_done(&node.list);
	end(&t);
}

static void a_service_that_is_up_waits_for_nobody(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	begin(&t, HEAD SERVICE("web", DEPENDS("db")) SERVICE("db", ""), NULL);
	set_status(create(&node, t.replicas.items[0].config), CONTAINER_EXITED, 1); /* db */
	set_status(create(&node, t.replicas.items[1].config), CONTAINER_RUNNING, 0);
	plan(&t, &node, false);
	assert_plan(&t, "start demo.db.1, keep demo.web.1");
	container_list_done(&node.list);
	end(&t);
}

static void groups_and_scales_give_the_number_of_replicas(void **state)
{
	static const struct {
		const char *text, *plan;
	} cases[] = {
		{ HEAD "  x:\n    image: {name: i}\n    scale: {mode: fixed, replicas: 0}\n", "" },
		{ HEAD "  x:\n    image: {name: i}\n    scale: {mode: manual}\n",
		  "pull i, create demo.x.1, start demo.x.1" },
		{ HEAD "  x:\n    image: {name: i}\n    scale: {mode: adaptive, min: 2, max: 5}\n",
		  "pull i, create demo.x.1, start demo.x.1, create demo.x.2, start demo.x.2" },
		{ HEAD "  x:\n    image: {name: i}\n    scale: {mode: fixed, replicas: 9}\n"
		       "    replica_groups: [{role: a, count: 1}, {role: b, count: 1, image: {name: j}}]\n",
		  "pull i, pull j, create demo.x.a.1, start demo.x.a.1, create demo.x.b.1, start demo.x.b.1" },
		{ HEAD "  x:\n    rtype: job\n    image: {name: i}\n    scale: {mode: fixed, replicas: 9}\n",
		  "pull i, create demo.x.1, start demo.x.1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct trial t = { 0 };
		struct node node = { 0 };

		begin(&t, cases[i].text, NULL);
		plan(&t, &node, false);
		assert_plan(&t, cases[i].plan);
		end(&t);
	}
}

/* ---- down ---- */

static void down_removes_dependents_first_as_the_labels_say(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	begin(&t, HEAD SERVICE("web", DEPENDS("db")) SERVICE("db", "") SERVICE("proxy", DEPENDS("web")), NULL);
	for (size_t i = 0; i < t.replicas.count; i++)
		create(&node, t.replicas.items[i].config);
	add_container(&node, "other", "web", "other.web.1", 1);
	assert_int_equal(plan_down(&node.list, "demo", true, &t.plan, NULL), 0);
	assert_plan(&t, "remove demo.proxy.1, remove demo.web.1, remove demo.db.1, volumes ");
	assert_int_equal(t.plan.actions[1].n_edges, 1);
	assert_int_equal(t.plan.actions[3].n_edges, 3);
	container_list_done(&node.list);
	end(&t);
}

static void down_comes_to_an_end_though_the_labels_make_a_cycle(void **state)
{
	struct trial t = { 0 };
	struct node node = { 0 };

	(void)state;
	t.spec = spec_from_text(HEAD SERVICE("x", ""));
	strv_add(&add_container(&node, "demo", "a", "demo.a.1", 1)->labels, LABEL_DEPENDS "=b");
	strv_add(&add_container(&node, "demo", "b", "demo.b.1", 1)->labels, LABEL_DEPENDS "=a");
	assert_int_equal(plan_down(&node.list, "demo", false, &t.plan, NULL), 0);
	assert_plan(&t, "remove demo.b.1, remove demo.a.1");
	container_list_done(&node.list);
	end(&t);
}

/* ---- any spec, any state ---- */

static uint32_t random_state;

static unsigned draw(unsigned below)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 16) % below;
}

/* Services depend on later ones only, so there is no cycle. */
static char *random_spec(void)
{
	AUTO_DONE(strbuf) text = { 0 };
	unsigned n = 1 + draw(6);

	strbuf_add_text(&text, HEAD);
	for (unsigned i = 0; i < n; i++) {
		strbuf_addf(&text, "  s%u:\n    image: {name: i%u}\n", i, draw(3));
		if (draw(4) == 0)
			strbuf_add_text(&text, "    rtype: job\n");
		strbuf_addf(&text, "    scale: {mode: fixed, replicas: %u}\n    env: {V: '%u'}\n    depends: [",
			    draw(4), draw(2));
		for (unsigned j = i + 1; j < n; j++)
			if (draw(3) == 0)
				strbuf_addf(&text, "{service: s%u}, ", j);
		strbuf_add_text(&text, "]\n");
	}
	return strbuf_take(&text);
}

static void shake(struct node *node)
{
	for (size_t i = 0; i < node->list.count; i++)
		if (draw(3) == 0)
			set_status(node->list.items[i], (enum container_status)draw(CONTAINER_UNKNOWN + 1),
				   (int)draw(2));
	if (draw(3) == 0 && node->list.count > 2) /* behind the two that are not ours */
		drop(node, node->list.items[2 + draw((unsigned)node->list.count - 2)]->name);
	if (draw(3) == 0 && !find(node, "demo.s9.1"))
		add_container(node, "demo", "s9", "demo.s9.1", 1);
}

/* A started container of a job may end well at once, or run on. */
static void apply_action(struct node *node, const struct trial *t, const struct plan_action *action)
{
	const struct replica *replica = action->replica == PLAN_NONE ? NULL : &t->replicas.items[action->replica];
	struct container_info *info = replica ? find(node, replica->config->name) : NULL;

	switch (action->kind) {
	case PLAN_REMOVE:
		assert_string_equal(action->container->deployment, "demo");
		drop(node, action->container->name);
		break;
	case PLAN_RECREATE:
		drop(node, replica->config->name);
		create(node, replica->config);
		break;
	case PLAN_CREATE:
		assert_null(info);
		create(node, replica->config);
		break;
	case PLAN_STOP:
		set_status(info, CONTAINER_EXITED, 1);
		break;
	case PLAN_START:
		assert_non_null(info);
		assert_int_not_equal(info->status, CONTAINER_RUNNING);
		assert_false(replica->is_job && info->status == CONTAINER_EXITED && info->exit.code == 0);
		set_status(info, replica->is_job && draw(2) ? CONTAINER_EXITED : CONTAINER_RUNNING, 0);
		break;
	case PLAN_PULL:
	case PLAN_KEEP:
	case PLAN_WAIT:
	case PLAN_REMOVE_VOLUMES:
		break;
	}
}

/* Everything that a start of this service must come behind: a start or a keep of each replica that it depends on. */
static void assert_waits_for_dependencies(const struct trial *t, size_t index)
{
	const struct plan_action *action = &t->plan.actions[index];
	const struct spec_service *service = &t->spec->services.items[action->service];

	for (size_t d = 0; d < service->depends.count; d++) {
		bool is_waited_for = false;

		for (size_t i = 0; i < index; i++)
			is_waited_for = is_waited_for || (t->plan.actions[i].kind == PLAN_WAIT &&
							  t->plan.actions[i].dependency == &service->depends.items[d]);
		assert_true(is_waited_for);
	}
}

static void assert_plan_is_sound(const struct trial *t)
{
	for (size_t i = 0; i < t->plan.count; i++) {
		const struct plan_action *action = &t->plan.actions[i];

		assert_int_equal(i < t->plan.n_pulls, action->kind == PLAN_PULL);
		for (size_t j = 0; j < action->n_edges; j++)
			assert_true(t->plan.edges[action->first_edge + j] < i);
		if (action->kind == PLAN_START)
			assert_waits_for_dependencies(t, i);
		if (action->kind != PLAN_WAIT)
			continue;
		for (size_t j = 0; j < t->replicas.count; j++) { /* all of the dependency come before the wait */
			bool comes_before = false;

			if (strcmp(t->replicas.items[j].config->service, action->dependency->service) != 0)
				continue;
			for (size_t k = 0; k < action->n_edges; k++)
				comes_before = comes_before ||
					       t->plan.actions[t->plan.edges[action->first_edge + k]].replica == j;
			assert_true(comes_before);
		}
	}
}

static void a_plan_carried_out_leaves_nothing_to_do_and_others_alone(void **state)
{
	struct node node = { 0 };

	(void)state;
	random_state = 42;
	add_container(&node, "other", "s0", "other.s0.1", 1);
	add_container(&node, NULL, NULL, "mine", 0);
	for (unsigned round = 0; round < 1500; round++) {
		autofree char *text = random_spec();
		struct trial t = { 0 };

		begin(&t, text, NULL);
		shake(&node);
		plan(&t, &node, false);
		assert_plan_is_sound(&t);
		for (size_t i = 0; i < t.plan.count; i++)
			apply_action(&node, &t, &t.plan.actions[i]);
		plan(&t, &node, false);
		for (size_t i = 0; i < t.plan.count; i++)
			assert_int_equal(t.plan.actions[i].kind, PLAN_KEEP);
		assert_int_equal(t.plan.count, t.replicas.count);
		end(&t);
	}
	assert_non_null(find(&node, "other.s0.1"));
	assert_non_null(find(&node, "mine"));
	container_list_done(&node.list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_an_empty_node_everything_is_made_in_order),
		cmocka_unit_test(each_state_of_a_container_has_its_answer),
		cmocka_unit_test(a_changed_config_is_recreated_a_job_that_succeeded_too),
		cmocka_unit_test(scaling_down_removes_the_highest_numbers_first_one_after_the_other),
		cmocka_unit_test(what_the_spec_does_not_name_goes_unless_only_some_services_are_wanted),
		cmocka_unit_test(another_deployment_with_the_same_services_is_not_touched),
		cmocka_unit_test(a_service_that_is_up_waits_for_nobody),
		cmocka_unit_test(groups_and_scales_give_the_number_of_replicas),
		cmocka_unit_test(down_removes_dependents_first_as_the_labels_say),
		cmocka_unit_test(down_comes_to_an_end_though_the_labels_make_a_cycle),
		cmocka_unit_test(a_plan_carried_out_leaves_nothing_to_do_and_others_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
