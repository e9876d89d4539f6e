/* backend.h - what a backend shows to selection. Its folder ends with one const struct of this, listed in
 * backends.def. */
#pragma once
#include "runtime/runtime.h"

struct runtime_backend {
	const char *name;
	const char *alias; /* a second name that users may type; NULL: none */

	/* NULL on failure. options are filled (runtime_options_fill) and borrowed for the call. */
	struct runtime *(*open)(const struct runtime_options *options, struct error *err);

	/* Adds to ret_missing one text for each thing that this host lacks, "what: remedy"; none: it can run here.
	 * NULL: never chosen by selection, only by name. 0 or -ENOMEM. */
	int (*probe)(const struct runtime_options *options, struct strv *ret_missing);
};

#define BACKEND(name) extern const struct runtime_backend name##_backend;
#include "runtime/backends.def"
#undef BACKEND
