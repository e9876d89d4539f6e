/* test_dependency.c - the order of services, and when a condition holds. */
#include "support/spec_text.h"

#include "service/dependency.h"

#define SERVICE(name, depends) "  " name ":\n    image: {name: busybox}\n    depends: [" depends "]\n"
#define ON(name) "{service: " name "}"
#define HEAD "version: v1\ndeployment: demo\nservices:\n"

static void order_of(const char *text, const struct strv *selected, struct strbuf *out, struct error *err)
{
	AUTO(spec_deployment) spec = spec_from_text(text);
	AUTO_DONE(service_order) order = { 0 };

	strbuf_add_text(out, "");
	if (service_order_make(spec, selected, &order, err) < 0)
		return;
	for (size_t i = 0; i < order.count; i++)
		strbuf_addf(out, "%s%s", i ? " " : "", spec->services.items[order.items[i]].name);
}

static void services_come_behind_what_they_depend_on_else_as_in_the_file(void **state)
{
	static const struct {
		const char *text, *order;
	} cases[] = {
		{ HEAD SERVICE("a", "") SERVICE("b", "") SERVICE("c", ""), "a b c" },
		{ HEAD SERVICE("web", ON("db")) SERVICE("db", ""), "db web" },
		{ HEAD SERVICE("a", ON("c")) SERVICE("b", "") SERVICE("c", ON("d")) SERVICE("d", ""), "d c a b" },
		{ HEAD SERVICE("a", ON("b") ", " ON("c")) SERVICE("b", ON("d")) SERVICE("c", ON("d")) SERVICE("d", ""),
		  "d b c a" },
		{ HEAD SERVICE("a", ON("b") ", " ON("b")) SERVICE("b", ""), "b a" },
		{ "version: v1\ndeployment: demo\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		AUTO_DONE(strbuf) out = { 0 };
		struct error err = { 0 };

		order_of(cases[i].text, NULL, &out, &err);
		assert_string_equal(err.msg, "");
		assert_string_equal(strbuf_peek(&out), cases[i].order);
	}
}

static void a_selected_service_brings_what_it_depends_on(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	AUTO_DONE(strv) selected = { 0 };
	struct error err = { 0 };

	(void)state;
	strv_add(&selected, "web");
	order_of(HEAD SERVICE("other", "") SERVICE("web", ON("db")) SERVICE("db", ""), &selected, &out, &err);
	assert_string_equal(strbuf_peek(&out), "db web");
}

static void a_selected_service_that_is_not_there_is_not_found(void **state)
{
	AUTO_DONE(strbuf) out = { 0 };
	AUTO_DONE(strv) selected = { 0 };
	struct error err = { 0 };

	(void)state;
	strv_add(&selected, "wbe");
	order_of(HEAD SERVICE("web", ""), &selected, &out, &err);
	assert_int_equal(err.kind, ERR_NOT_FOUND);
	assert_string_equal(err.msg, "service wbe: there is none in the spec");
}

/* The reader finds these too, and says where; the order is made of anything that it is given. */
static void a_cycle_is_named_from_end_to_end(void **state)
{
	struct spec_dependency on_b = { .service = "b" }, on_c = { .service = "c" };
	struct spec_service services[] = {
		{ .name = "a", .depends = { &on_b, 1 } },
		{ .name = "b", .depends = { &on_c, 1 } },
		{ .name = "c", .depends = { &on_b, 1 } },
	};
	struct spec_deployment spec = { .services = { services, 3 } };
	AUTO_DONE(service_order) order = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(service_order_make(&spec, NULL, &order, &err), -1);
	assert_int_equal(err.kind, ERR_INVALID_SPEC);
	assert_string_equal(err.msg, "services.b.depends: a cycle: b -> c -> b");
	services[0].depends.items = &(struct spec_dependency){ .service = "a" };
	assert_int_equal(service_order_make(&spec, NULL, &order, &err), -1);
	assert_string_equal(err.msg, "services.a.depends: a cycle: a -> a");
}

static void a_chain_of_many_services_needs_no_deep_stack(void **state)
{
	enum { N = 20000 };
	autofree struct spec_service *services = calloc(N, sizeof(*services));
	autofree struct spec_dependency *dependencies = calloc(N, sizeof(*dependencies));
	struct spec_deployment spec = { .services = { services, N } };
	AUTO_DONE(strv) names = { 0 };
	AUTO_DONE(service_order) order = { 0 };

	(void)state;
	for (size_t i = 0; i < N; i++)
		strv_addf(&names, "s%zu", i);
	for (size_t i = 0; i < N; i++) {
		services[i].name = names.items[i];
		if (i + 1 == N)
			continue;
		dependencies[i].service = names.items[i + 1];
		services[i].depends.items = &dependencies[i];
		services[i].depends.count = 1;
	}
	assert_int_equal(service_order_make(&spec, NULL, &order, NULL), 0);
	assert_int_equal(order.count, N);
	assert_int_equal(order.items[0], N - 1);
	assert_int_equal(order.items[N - 1], 0);
}

static void conditions_hold_pend_or_are_beyond_hope(void **state)
{
	static const struct {
		enum spec_condition condition;
		struct service_view view;
		enum dependency_verdict verdict;
	} cases[] = {
		{ SPEC_CONDITION_STARTED, { .wanted = 2, .started = 1 }, DEPENDENCY_PENDING },
		{ SPEC_CONDITION_STARTED, { .wanted = 2, .started = 2 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_STARTED, { .wanted = 1, .started = 1, .ended = 1 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_STARTED, { .is_job = true, .wanted = 1, .started = 1 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_HEALTHY, { .wanted = 2, .started = 2, .healthy = 1 }, DEPENDENCY_PENDING },
		{ SPEC_CONDITION_HEALTHY, { .wanted = 2, .started = 2, .healthy = 2 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_HEALTHY,
		  { .wanted = 2, .started = 2, .healthy = 1, .ended = 1 },
		  DEPENDENCY_HOPELESS },
		{ SPEC_CONDITION_READY, { .wanted = 1, .started = 1, .healthy = 1 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_HEALTHY, { .wanted = 0 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_HEALTHY, { .is_job = true, .wanted = 1, .healthy = 1 }, DEPENDENCY_PENDING },
		{ SPEC_CONDITION_HEALTHY, { .is_job = true, .wanted = 1, .ended = 1, .succeeded = 1 }, DEPENDENCY_MET },
		{ SPEC_CONDITION_HEALTHY, { .is_job = true, .wanted = 1, .ended = 1 }, DEPENDENCY_HOPELESS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(dependency_check(cases[i].condition, &cases[i].view), cases[i].verdict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services_come_behind_what_they_depend_on_else_as_in_the_file),
		cmocka_unit_test(a_selected_service_brings_what_it_depends_on),
		cmocka_unit_test(a_selected_service_that_is_not_there_is_not_found),
		cmocka_unit_test(a_cycle_is_named_from_end_to_end),
		cmocka_unit_test(a_chain_of_many_services_needs_no_deep_stack),
		cmocka_unit_test(conditions_hold_pend_or_are_beyond_hope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
