/* main.c - the contract against the backend that the argument names; 77 (skipped) where this host cannot run it. */
#include <string.h>

#include "cases.h"
#include "steps.h"

#define SKIPPED 77

static int resolve(const struct secret_source *source, const char *deployment, const char *reference,
		   struct secret_value *ret, struct error *err)
{
	(void)source;
	(void)deployment;
	secret_asked++;
	if (strcmp(reference, "$S:token") != 0)
		return fail(err, ERR_NOT_FOUND, "secret %s: there is none", reference);
	ret->bytes = strdup(secret_token);
	ret->len = strlen(secret_token);
	return 0;
}

static const struct secret_source secrets = { resolve };

static int begin_case(void **state)
{
	struct error err = { 0 };

	(void)state;
	secret_token = "tell-nobody";
	secret_asked = 0;
	rt = backend->open(&secrets, &err);
	if (!rt)
		print_error("%s\n", err.msg);
	return rt ? 0 : -1;
}

static int end_case(void **state)
{
	AUTO_DONE(container_list) list = { 0 };
	int r = 0;

	(void)state;
	runtime_list(rt, &list, NULL);
	for (size_t i = 0; i < list.count; i++) {
		struct error err = { 0 };

		if (runtime_remove(rt, list.items[i]->id, REMOVE_FORCE | REMOVE_VOLUMES, &err) == 0)
			continue;
		print_error("%s\n", err.msg);
		r = -1;
	}
	runtime_free(rt);
	rt = NULL;
	return r;
}

static const struct contract_backend *const backends[] = { &contract_fake, &contract_native };

static const struct contract_backend *find_backend(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		if (strcmp(backends[i]->name, name) == 0)
			return backends[i];
	return NULL;
}

static int run_cases(void)
{
#define X(name) cmocka_unit_test_setup_teardown(name, begin_case, end_case),
	const struct CMUnitTest tests[] = { ALL_CASES(X) };
#undef X

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct runtime *trial;
	int status = SKIPPED;

	backend = argc == 2 ? find_backend(argv[1]) : NULL;
	if (!backend)
		return 2;
	trial = backend->open(&secrets, &err);
	if (!trial)
		fprintf(stderr, "%s: %s\n", backend->name, err.msg);
	runtime_free(trial);
	if (trial)
		status = run_cases();
	else if (err.kind != ERR_UNSUPPORTED)
		status = 1;
	backend->clean_up();
	return status;
}
