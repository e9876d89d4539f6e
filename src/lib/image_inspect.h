/* image_inspect.h - an image with the keys of `docker image inspect`. */
#pragma once
#include "base/error.h"
#include "store/store.h"

/* One JSON object; *ret is the caller's. */
int image_inspect_print(const struct image *image, char **ret, struct error *err);
