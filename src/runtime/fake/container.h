/* container.h - one fake container: what was asked for, what it does now, how it ended. The caller holds the
 * runtime's lock. */
#pragma once
#include "runtime/fake/log.h"
#include "runtime/fake/script.h"
#include "runtime/runtime.h"

struct fake_container {
	struct fake_container *next; /* in order of creation */
	char id[ID_HEX_SIZE];
	char *name, *image, *deployment, *service, *role, *stop_signal;
	unsigned replica;
	struct strv argv, env, secret_env, labels, volumes;
	uint64_t stop_grace_ms;
	bool has_auto_remove;

	enum container_status status;
	uint64_t created_ns, started_ns;
	struct exit_record exit;
	bool is_stop_asked;
	struct script script;
	struct strv running_env; /* with the secrets of this start */
	struct script_run run;
	struct fake_log *log;
	int *watchers; /* our ends of the pipes of open_wait */
	size_t n_watchers, watchers_capacity;
};

/* NULL when memory is out. */
struct fake_container *fake_container_new(const struct container_config *config, uint64_t number, uint64_t now_ns,
					  pthread_mutex_t *lock);
void fake_container_free(struct fake_container *c);

bool fake_container_runs(const struct fake_container *c);

/* Fetches the secrets, reads the script, begins. The container is as before on failure. */
int fake_container_begin(struct fake_container *c, const struct secret_source *secrets, uint64_t now_ns,
			 struct error *err);

/* Does what its time has come for; true when it ended by that. */
bool fake_container_advance(struct fake_container *c, uint64_t now_ns);
void fake_container_signal(struct fake_container *c, int signo, uint64_t now_ns);

/* Its end was seen by nobody. */
void fake_container_lose(struct fake_container *c);

/* A new fd that hangs up once it does not run. fd or negative errno. */
int fake_container_watch(struct fake_container *c);

/* NULL when memory is out. */
struct container_info *fake_container_info(const struct fake_container *c);
char *fake_container_inspect(const struct fake_container *c);
