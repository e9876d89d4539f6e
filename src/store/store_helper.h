/* store_helper.h - one run of zlayer-store: the process that parses archives so that this one need not.
 *
 * It gets its request on fd 0 (JSON), answers on fd 1 (JSON lines; the last one is {"result": ...} or {"error":
 * ...}), works on the store's directory, fd 3, and reads its input, fd 4: a file, a pipe or the directory of a
 * layout.
 */
#pragma once
#include "base/json.h"
#include "base/strbuf.h"

struct store;

#define HELPER_REQUEST_FD 0
#define HELPER_ANSWER_FD 1
#define HELPER_STORE_FD 3
#define HELPER_INPUT_FD 4

/* Runs `command` to its end. *ret is the result, yours (json_object_put). The helper's error becomes ours. */
int store_helper_run(struct store *store, const char *command, const struct strbuf *request, int input_fd,
		     struct json_object **ret, struct error *err);
