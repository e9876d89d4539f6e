/* run_state.c - the file `pid` of a running container. */
#include "launch/run_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

#define RUN_STATE_LIMIT 8192

void run_state_done(struct run_state *state)
{
	free(state->cgroup_path);
	state->cgroup_path = NULL;
}

int run_state_write(int runtime_dir_fd, const struct run_state *state)
{
	AUTO_DONE(strbuf) text = { 0 };

	strbuf_addf(&text, "version 1\npid %d\nstart %llu\nshim %d\nshim-start %llu\nboot %s\n", (int)state->pid,
		    state->start_time, (int)state->shim_pid, state->shim_start_time, state->boot_id);
	strbuf_addf(&text, "started %llu\nauto-remove %d\nnamespaces %u\n", (unsigned long long)state->started_ns,
		    state->has_auto_remove, state->namespaces);
	if (state->cgroup_path)
		strbuf_addf(&text, "cgroup %s\n", state->cgroup_path);
	strbuf_add_text(&text, "end\n");
	if (strbuf_status(&text) < 0)
		return strbuf_status(&text);
	return file_replace_at(runtime_dir_fd, "pid", text.data, text.len, 0600, FILE_VOLATILE);
}

static int set_text(struct run_state *state, const char *key, const char *value)
{
	if (strcmp(key, "boot") == 0) {
		if (strlen(value) != BOOT_ID_SIZE - 1)
			return -EINVAL;
		memcpy(state->boot_id, value, BOOT_ID_SIZE);
	} else if (strcmp(key, "cgroup") == 0) {
		free(state->cgroup_path);
		state->cgroup_path = strdup(value);
		if (!state->cgroup_path)
			return -ENOMEM;
	}
	return 0;
}

static int set_line(struct run_state *state, const char *key, const char *value)
{
	uint64_t number;

	if (parse_u64(value, &number) < 0)
		return set_text(state, key, value);
	if ((strcmp(key, "pid") == 0 || strcmp(key, "shim") == 0) && number > INT32_MAX)
		return -EINVAL;
	if (strcmp(key, "pid") == 0)
		state->pid = (pid_t)number;
	else if (strcmp(key, "start") == 0)
		state->start_time = number;
	else if (strcmp(key, "shim") == 0)
		state->shim_pid = (pid_t)number;
	else if (strcmp(key, "shim-start") == 0)
		state->shim_start_time = number;
	else if (strcmp(key, "started") == 0)
		state->started_ns = number;
	else if (strcmp(key, "auto-remove") == 0)
		state->has_auto_remove = number != 0;
	else if (strcmp(key, "namespaces") == 0)
		state->namespaces = (uint32_t)number;
	return set_text(state, key, value);
}

static int parse(char *text, struct run_state *state)
{
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		char *value = strchr(line, ' ');
		int r;

		if (strcmp(line, "end") == 0)
			return state->pid > 0 ? 0 : -EINVAL;
		if (!value)
			return -EINVAL;
		*value++ = '\0';
		r = set_line(state, line, value);
		if (r < 0)
			return r;
	}
	return -EINVAL;
}

int run_state_read(int runtime_dir_fd, struct run_state *ret)
{
	AUTO_DONE(run_state) state = { 0 };
	char boot[BOOT_ID_SIZE];
	autofree char *text = NULL;
	int r = file_read_at(runtime_dir_fd, "pid", RUN_STATE_LIMIT, &text, NULL);

	if (r == 0)
		r = parse(text, &state);
	if (r == 0)
		r = boot_id_get(boot);
	if (r < 0)
		return r;
	if (strcmp(boot, state.boot_id) != 0)
		return -ESTALE;
	*ret = state;
	state.cgroup_path = NULL;
	return 0;
}
