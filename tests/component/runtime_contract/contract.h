/* contract.h - the contract of runtime.h, as cases that hold for every backend; a backend is what opens and
 * closes it. */
#pragma once
#include "support/cmocka_setup.h"

#include "runtime/runtime.h"

struct contract_backend {
	const char *name;

	/* A runtime with the image "busybox" (sh, sleep, true, echo; /etc/passwd) and no container, secrets as
	 * given. NULL with err when this host cannot run it: the test is skipped then. */
	struct runtime *(*open)(const struct secret_source *secrets, struct error *err);

	/* The same containers by a second runtime, as another process would have it; NULL: they live in the first
	 * alone. */
	struct runtime *(*open_again)(const struct secret_source *secrets, struct error *err);

	/* Removes what the containers left, once the runtime is closed. */
	void (*clean_up)(void);
};

extern const struct contract_backend contract_fake, contract_native;
