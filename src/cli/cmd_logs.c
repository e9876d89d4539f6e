/* cmd_logs.c - `zlayer logs`: what a container, or all of a service, has written. */
#include <stdio.h>

#include "base/strbuf.h"
#include "cli/commands.h"
#include "cli/log_merge.h"
#include "cli/option_value.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/time_option.h"

struct logs_flags {
	bool is_following, has_timestamps;
	struct tail_value tail;
	uint64_t since_ns, until_ns;
};

#define AT(member) offsetof(struct logs_flags, member)

static const struct command_option table[] = {
	{ "details" },
	{ "follow", 'f', NULL, "Go on until it has ended", option_flag, AT(is_following) },
	{ "since", 0, "TIME", "Only what was written after: 10m (ago), RFC 3339, Unix seconds", option_time,
	  AT(since_ns) },
	{ "tail", 'n', "LINES", "Only the last lines; or all", option_tail, AT(tail) },
	{ "timestamps", 't', NULL, "Put its time before each line", option_flag, AT(has_timestamps) },
	{ "until", 0, "TIME", "Only what was written before", option_time, AT(until_ns) },
	{ 0 },
};

static int add_source(struct call *call, struct log_merge *merge, const struct zl_container_info *info,
		      bool is_labelled, struct zl_error *err)
{
	const struct logs_flags *flags = call->flags;
	struct zl_log_options options = {
		.size = sizeof(options),
		.is_following = flags->is_following,
		.since_ns = flags->since_ns,
		.until_ns = flags->until_ns,
		.has_tail = flags->tail.is_set,
		.tail_lines = flags->tail.lines,
	};
	struct zl_log *log = zl_log_open(call->client, info->id, &options, err);
	autofree char *label = output_label(info);

	if (!log)
		return -1;
	return log_merge_add(merge, log, is_labelled ? label : NULL, err);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct logs_flags *flags = call->flags;
	AUTO_DONE(log_merge) merge = { .has_timestamps = flags->has_timestamps, .has_color = wants_color(1) };
	AUTO_DONE(targets) targets = { 0 };

	if (targets_find(call->client, call->args[0], &targets, err) < 0)
		return -1;
	for (size_t i = 0; i < targets.count; i++)
		if (add_source(call, &merge, targets.items[i], targets.count > 1, err) < 0)
			return -1;
	return log_merge_print_all(&merge, err);
}

const struct command cmd_logs = {
	.name = "logs",
	.synopsis = "[OPTION]... CONTAINER|SERVICE",
	.summary = "Print what a container or a service has written",
	.description =
		"What was written to stdout goes to stdout, byte by byte, and the rest to stderr. Of a service with\n"
		"several containers, lines come in the order of time, each behind its container's name.",
	.group = GROUP_DEPLOYMENTS,
	.options = (const struct command_option *const[]){ table, NULL },
	.min_args = 1,
	.max_args = 1,
	.flags_size = sizeof(struct logs_flags),
	.run = run,
};
