/* request.h - what the parent asks for: the JSON on fd 0 (written by store/store_bring.c). */
#pragma once
#include "base/json.h"
#include "store/store.h"

struct request {
	struct store_limits limits;
	struct json_object *document;  /* owns the texts that options borrows */
	struct import_options options; /* of import */
};

int request_read(int fd, struct request *ret, struct error *err);
void request_done(struct request *request);
