/* native.h - the built-in Linux backend: what one open runtime holds, and the rooms of this folder. Private to it.
 *
 * On disk, per container:
 *   ROOT/containers/ID/  config.json, hosts, hostname, resolv.conf, upper/, work/, log/, `started` (it was started),
 *                        `exit` (it has ended since)
 *   ROOT/names/NAME      the id that holds the name
 *   ROOT/volumes/NAME/   meta, data/
 *   RUN/ID/              pid, sock, stdout, stderr, pump: while it runs
 */
#pragma once
#include <pthread.h>

#include "base/strbuf.h"
#include "launch/plan_builder.h"
#include "launch/run_state.h"
#include "launch/shim_protocol.h"
#include "oci/runtime_config.h"
#include "runtime/backend.h"
#include "runtime/runtime.h"
#include "store/store.h"

/* A start whose connection is kept: for as long as it is, the shim leaves the removal to us. */
struct held_start {
	char id[ID_HEX_SIZE];
	int fd;
};

struct native {
	struct runtime base; /* first: a struct runtime * is one of ours */
	char *root_dir, *run_dir, *libexec_dir, *cgroup_parent, *shim_program;
	int root_fd, containers_fd, names_fd, volumes_fd, run_fd;
	struct store *store;
	int layout; /* enum cgroup_layout, or negative errno: no cgroups here */
	bool has_overlay;
	pthread_mutex_t lock; /* of the members below */
	int shim_fd;          /* opened at the first start */
	struct held_start *held;
	size_t n_held, held_capacity;
};

static inline struct native *native_of(struct runtime *rt)
{
	return (struct native *)rt;
}

/* --- container.c: one container's directories --- */

struct container {
	struct native *native;
	char id[ID_HEX_SIZE];
	int dir_fd; /* ROOT/containers/ID */
	int run_fd; /* RUN/ID; -1 when there is none */
	bool is_locked;
};
void container_close(struct container *c);
static inline void cleanup_container(struct container *c)
{
	container_close(c);
}
#define AUTO_CONTAINER CLEANUP(cleanup_container) struct container

/* ERR_NOT_FOUND when there is no such id. */
int container_open(struct native *n, const char *id, struct container *ret, struct error *err);

/* Locks it against another create, start or remove, and checks that it still stands. Held until the container is
 * closed. */
int container_lock(struct container *c, struct error *err);

/* Its directory opened anew, for a shim: a passed-on descriptor would carry the lock along. The caller's, or -1. */
int container_reopen(const struct container *c, struct error *err);

/* The container's config.json, parsed. */
struct runtime_config *container_read_config(const struct container *c, struct error *err);

/* Give a name to an id, and take it away again. The caller of the first holds the lock on ROOT/containers. */
int native_claim_name(struct native *n, const char *name, const char *id, struct error *err);
void native_release_name(struct native *n, const char *name, const char *id);
/* Takes away the names whose containers are gone. The caller holds that lock. */
void native_sweep_names(struct native *n);

/* "PARENT/zlayer/ID", the caller's; NULL when memory is out. */
char *native_cgroup_path(const struct native *n, const char *id);

/* --- create.c, volumes.c, network_files.c, bundle.c --- */
int native_create(struct runtime *rt, const struct container_config *config, char ret_id[ID_HEX_SIZE],
		  struct error *err);
int native_write_bundle(struct runtime *rt, const struct container_config *config, int dirfd,
			const struct secret_source *secrets, struct error *err);

/* Names of the volumes that one create has made, for undoing. */
struct volume_set {
	struct native *native;
	const char *deployment; /* NULL: none */
	struct strv made;
};

/* bundle_context's volume_path: the directory of the volume behind a mount, made where it is missing; userdata is a
 * struct volume_set. */
char *volume_provide(void *userdata, const struct container_mount *mount, struct error *err);
void volume_set_undo(struct volume_set *set);
int volume_remove(struct native *n, const char *name);
/* The volume's name behind a mount source below ROOT/volumes; the caller's, or NULL. */
char *volume_name_of(const struct native *n, const char *source);
int native_remove_volumes(struct runtime *rt, const char *deployment, struct error *err);

/* Writes hosts, hostname and resolv.conf into the container's directory. */
int network_files_write(int dir_fd, const struct container_config *config, const char *hostname, struct error *err);

/* --- plan*.c: config.json to a plan, one file a section --- */
struct plan_context {
	const struct native *native;
	const struct container *container;
	const struct runtime_config *config;
	struct plan_builder b;
};

/* A sealed memfd (the caller's), or -1. */
int plan_for_start(const struct container *c, const struct runtime_config *config, struct error *err);
int plan_for_exec(const struct container *c, const struct runtime_config *config, const struct run_state *state,
		  const struct exec_config *exec, struct error *err);

int plan_process(struct plan_context *p, struct error *err);
int plan_seccomp(struct plan_context *p, struct error *err);
int plan_mounts(struct plan_context *p, struct error *err);
int plan_root(struct plan_context *p, struct error *err);
int plan_limits(struct plan_context *p, struct error *err);

/* --- shim_client.c --- */

/* Starts a shim and sends it the request with the fds. Its connection (the caller's), or -1. */
int shim_spawn(struct native *n, const char *id, const struct shim_request *request, const int *fds, size_t n_fds,
	       struct error *err);
/* Connects to a running container's shim; one that has died is replaced first. ERR_CONFLICT when it does not run. */
int shim_connect(const struct container *c, struct error *err);
int shim_ask(int sock, const struct shim_request *request, const int *fds, size_t n_fds, struct error *err);
/* One reply; a FAILED one becomes its error. ERR_UNEXPECTED_EXIT when the shim has gone. */
int shim_receive(int sock, struct shim_reply *ret, struct error *err);
/* Sees to it that a container that runs has a shim. 0 when it has or does not run. */
int shim_ensure(const struct container *c, const struct run_state *state);

void native_hold(struct native *n, const char *id, int fd);
int native_take_held(struct native *n, const char *id);

/* --- observe.c --- */
struct observation {
	enum container_status status;
	struct run_state state;  /* of a running one */
	struct exit_record exit; /* of one that has ended */
};
/* What is true now; an end that nobody saw is recorded as unknown on the way, and its leftovers are cleaned. */
int container_observe(struct container *c, struct observation *ret, struct error *err);
void observation_done(struct observation *o);
DEFINE_AUTO_DONE(observation)
/* Removes what a container left in the kernel and in RUN. */
void container_clean_up(struct container *c, const char *cgroup_path);

/* --- the calls --- */
int native_start(struct runtime *rt, const char *id, struct error *err);
int native_stop(struct runtime *rt, const char *id, int signo, uint64_t grace_ms, struct error *err);
int native_kill(struct runtime *rt, const char *id, int signo, struct error *err);
int native_wait(struct runtime *rt, const char *id, struct exit_record *ret, struct error *err);
int native_open_wait(struct runtime *rt, const char *id, int *ret_fd, struct error *err);
int native_remove(struct runtime *rt, const char *id, unsigned flags, struct error *err);
int native_exec(struct runtime *rt, const char *id, const struct exec_config *config, int *ret_code, struct error *err);
int native_open_logs(struct runtime *rt, const char *id, const struct log_options *options, struct log_reader **ret,
		     struct error *err);
int native_info(struct runtime *rt, const char *id, struct container_info **ret, struct error *err);
int native_list(struct runtime *rt, struct container_list *ret, struct error *err);
int native_inspect(struct runtime *rt, const char *id, char **ret, struct error *err);
int native_open_network(struct runtime *rt, const char *id, int *ret_fd, struct error *err);
int native_pull_image(struct runtime *rt, const char *reference, enum pull_policy policy, struct error *err);
int native_probe(const struct runtime_options *options, struct strv *ret_missing);
struct container_info *container_describe(struct container *c, struct error *err);
