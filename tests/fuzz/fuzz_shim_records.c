/* fuzz_shim_records.c - what a shim reads or leaves: a plan, an exit record, a run state, a segment's name. The first
 * byte says which.
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/file.h"
#include "launch/exit_record.h"
#include "launch/log_segment.h"
#include "launch/plan.h"
#include "launch/run_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk_texts(const struct plan *plan, struct plan_array array)
{
	size_t count, length = 0;
	const plan_text *texts = plan_get_array(plan, array, sizeof(*texts), &count);

	for (size_t i = 0; i < count; i++)
		length += strlen(plan_get_text(plan, texts[i]));
	return length;
}

/* Everything that a plan names is touched. */
static size_t walk_plan(const struct plan *plan)
{
	const struct plan_array texts[] = {
		plan->argv,    plan->env,         plan->lower_dirs, plan->masked_paths, plan->read_only_paths,
		plan->sysctls, plan->cleanup_argv
	};
	const plan_text single[] = { plan->name,     plan->cwd,      plan->user,
				     plan->hostname, plan->root_dir, plan->cgroup_path };
	size_t sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		sum += walk_texts(plan, texts[i]);
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		sum += strlen(plan_get_text(plan, single[i]));
	PLAN_FOR_EACH(plan, mounts, struct plan_mount, m)
	sum += strlen(plan_get_text(plan, m->target)) + walk_texts(plan, m->options);
	PLAN_FOR_EACH(plan, devices, struct plan_device, d)
	sum += strlen(plan_get_text(plan, d->path)) + d->major;
	PLAN_FOR_EACH(plan, rlimits, struct plan_rlimit, l)
	sum += l->resource;
	return sum;
}

static void try_plan(const uint8_t *data, size_t size)
{
	autoclose int fd = memfd_create("plan", MFD_CLOEXEC);
	const struct plan *plan;

	if (fd < 0 || write_all(fd, data, size) < 0 || plan_map(fd, &plan) < 0)
		return;
	if (walk_plan(plan) == SIZE_MAX)
		abort();
	plan_unmap(plan);
}

static void try_exit_record(const char *text)
{
	struct exit_record record, again;
	char printed[EXIT_RECORD_TEXT_SIZE];

	if (exit_record_parse(text, &record) < 0)
		return;
	if (exit_record_print(&record, printed) >= sizeof(printed) || exit_record_parse(printed, &again) < 0)
		abort();
	if (again.code != record.code || again.is_known != record.is_known)
		abort();
}

static void try_run_state(const char *text, size_t len)
{
	char path[] = "/tmp/fuzz-state-XXXXXX";
	autoclose int fd = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	AUTO_DONE(run_state) state = { 0 };

	if (fd >= 0 && file_create_at(fd, "pid", text, len, 0600) == 0 && run_state_read(fd, &state) == 0 &&
	    state.pid <= 0)
		abort();
	dir_remove_tree(AT_FDCWD, path);
}

static void try_segment(const char *text)
{
	char name[LOG_SEGMENT_NAME_SIZE];
	uint32_t number = log_segment_number(text);

	log_segment_name(number, name);
	if (number && log_segment_number(name) != number)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	autofree char *text = size > 0 ? strndup((const char *)data + 1, size - 1) : NULL;

	if (!text)
		return 0;
	switch (data[0]) {
	case 'p':
		try_plan(data + 1, size - 1);
		break;
	case 'e':
		try_exit_record(text);
		break;
	case 'r':
		try_run_state(text, strlen(text));
		break;
	default:
		try_segment(text);
	}
	return 0;
}
