/* environment.h - --env and --env-file, as docker reads them. Readers for a struct strv of NAME=VALUE. */
#pragma once
#include "cli/command.h"

/* "NAME=VALUE"; "NAME" takes the value of the caller's environment, and nothing when it has none. */
int option_env(void *target, const char *value, struct zl_error *err);

/* A file with one of the above a line; blank lines and those that begin with # are skipped. */
int option_env_file(void *target, const char *value, struct zl_error *err);

/* A label: "NAME=VALUE", or "NAME" for an empty value. */
int option_label(void *target, const char *value, struct zl_error *err);
