/* client.h - what a client holds: the directories, and the backend and the store once something needed them. */
#pragma once
#include <zlayer/client.h>

#include "lib/border.h"
#include "runtime/runtime.h"
#include "service/secret_files.h"
#include "store/store.h"

struct zl_client {
	char *backend; /* as asked for: "auto" */
	char *root_dir, *runtime_dir, *libexec_dir;
	char *cgroup_parent;          /* NULL: the root */
	struct secret_files *secrets; /* NULL until client_open_runtime */
	struct runtime *runtime;      /* NULL until client_open_runtime */
	struct store *store;          /* NULL until client_open_store */
};

int client_open_runtime(struct zl_client *client, struct error *err);
int client_open_store(struct zl_client *client, struct error *err);

/* Opens the backend and finds the container that the text means; a full id is not looked for. */
int client_find(struct zl_client *client, const char *container, char ret_id[ID_HEX_SIZE], struct error *err);
