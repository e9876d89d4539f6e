/* bundle_directory.h - where a bundle is written. */
#pragma once
#include "base/error.h"

/* Makes the directory where it is missing (its parent is there); an fd of the caller's. Fails with ERR_CONFLICT when
 * something is in it. */
int bundle_directory_open(const char *path, struct error *err);
