/* spec.h - what a public spec holds. */
#pragma once
#include <zlayer/spec.h>

#include "spec/spec.h"

struct zl_spec {
	struct spec_deployment *deployment; /* NULL: it has errors */
	struct spec_problems problems;
	struct zl_spec_problem *views; /* one a problem */
	char *base_dir;                /* where its relative paths begin; NULL: the working directory */
};

/* 0, or -1 with the first error. */
int spec_check_valid(const struct zl_spec *spec, struct error *err);
