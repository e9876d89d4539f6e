/* rules.c - what the format asks of single values beyond their shape, and what it has that cannot run. */
#include "spec/rules.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/signal_name.h"
#include "base/text.h"
#include "spec/cpu.h"
#include "spec/cron.h"
#include "spec/duration.h"
#include "spec/env_reference.h"
#include "spec/memory_size.h"
#include "spec/name.h"
#include "spec/reader.h"
#include "spec/spec.h"

static const char *text_of(const void *member)
{
	return *(const char *const *)member;
}

RULE(rule_version)
{
	if (strcmp(text_of(member), "v1") != 0)
		reader_report(r, SPEC_ERROR, node, path, "unknown version `%.60s` (v1)", text_of(member));
}

RULE(rule_deployment_name)
{
	const char *name = text_of(member);
	size_t len = strlen(name);

	if (len < 3 || len > 63)
		reader_report(r, SPEC_ERROR, node, path, "the name has %zu characters (3 to 63)", len);
	else if (!text_is_made_of(name, NAME_ALPHANUMERIC "-") || name[0] == '-')
		reader_report(r, SPEC_ERROR, node, path,
			      "`%.63s` is no deployment name (letters, digits and `-`, a letter or digit first)", name);
}

RULE(rule_not_empty)
{
	if (!*text_of(member))
		reader_report(r, SPEC_ERROR, node, path, "the %s is empty", path->key);
}

RULE(rule_cpu)
{
	double cores = *(double *)member;

	if (cores <= 0)
		reader_report(r, r->lenient ? SPEC_FLAW : SPEC_ERROR, node, path, "%.40s cores are none (more than 0)",
			      node->text);
	else if (!cpu_is_limit(cores))
		reader_report(r, SPEC_FLAW, node, path, "`%.40s` is no limit (a number of cores, as 0.5)", node->text);
}

/* The suffix that was meant, for the amounts that people write instead. */
static const char *memory_hint(const char *text)
{
	static const struct {
		const char *end, *hint;
	} hints[] = {
		{ "KB", "Ki" },  { "MB", "Mi" },  { "GB", "Gi" },  { "TB", "Ti" }, { "KiB", "Ki" },
		{ "MiB", "Mi" }, { "GiB", "Gi" }, { "TiB", "Ti" }, { "k", "Ki" },  { "K", "Ki" },
		{ "m", "Mi" },   { "M", "Mi" },   { "g", "Gi" },   { "G", "Gi" },  { "t", "Ti" },
		{ "T", "Ti" },   { "ki", "Ki" },  { "mi", "Mi" },  { "gi", "Gi" }, { "ti", "Ti" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (text_ends_with(text, hints[i].end))
			return hints[i].hint;
	return NULL;
}

static void check_memory(struct reader *r, enum spec_severity severity, const struct node *node, struct spec_size *size,
			 const struct path *path)
{
	int e = memory_size_parse(size->text, &size->bytes);
	const char *hint = memory_hint(size->text);

	if (e == -ERANGE)
		reader_report(r, SPEC_FLAW, node, path, "%.60s is more than 64 bits of bytes", size->text);
	else if (e < 0 && hint)
		reader_report(r, severity, node, path, "`%.60s` is no amount of memory (did you mean the suffix %s?)",
			      size->text, hint);
	else if (e < 0)
		reader_report(r, severity, node, path,
			      "`%.60s` is no amount of memory (digits and Ki, Mi, Gi or Ti: 512Mi)", size->text);
}

RULE(rule_memory)
{
	check_memory(r, r->lenient ? SPEC_FLAW : SPEC_ERROR, node, member, path);
}

/* Only checked where the service is a wasm one, which the service's own rule sees to. */
RULE(rule_wasm_memory)
{
	check_memory(r, SPEC_ERROR, node, member, path);
}

RULE(rule_tmpfs_size)
{
	struct spec_size *size = member;
	int e = memory_size_parse_mount(size->text, &size->bytes);

	if (e < 0)
		reader_report(r, SPEC_FLAW, node, path, "`%.60s` is no size (64Mi, 64m or bytes)", size->text);
}

/* 1777 is decimal to YAML: 0o3361, which nobody wants. */
RULE(rule_tmpfs_mode)
{
	int64_t mode = *(int64_t *)member;

	if (mode > 07777)
		reader_report(r, SPEC_FLAW, node, path, "mode %.20s is more than 0o7777", node->text);
	else if (text_is_made_of(node->text, "01234567") && node->count >= 3)
		reader_report(r, SPEC_WARNING, node, path, "%.20s is decimal: did you mean 0o%.20s?", node->text,
			      node->text);
}

RULE(rule_duration_text)
{
	struct error err = { 0 };
	uint64_t ns;

	if (duration_parse(text_of(member), &ns, &err) < 0)
		reader_report(r, r->lenient ? SPEC_FLAW : SPEC_ERROR, node, path, "`%.60s` is no duration: %s",
			      text_of(member), err.msg);
}

RULE(rule_role)
{
	if (!name_is_role(text_of(member)))
		reader_report(r, SPEC_ERROR, node, path,
			      "`%.60s` is no role (1 to 30 of a-z, 0-9 and `-`, a letter first, no `-` last)",
			      text_of(member));
}

static void check_variable(struct reader *r, const char *name, const struct node *value, const struct path *at)
{
	struct env_reference reference;
	struct error err = { 0 };

	if (!*name || strchr(name, '='))
		reader_report(r, SPEC_FLAW, value, at, "`%.60s` is no name of a variable", name);
	if (env_reference_parse(value->text, &reference, &err) < 0)
		reader_report(r, SPEC_FLAW, value, at, "%s", err.msg);
	else if (reference.kind == ENV_SECRET && reference.environment.len > 0)
		reader_report(r, SPEC_REFUSED, value, at,
			      "not in effect on this node: it keeps no secrets of environments");
	else if (reference.kind == ENV_LITERAL && env_reference_is_buried(value->text))
		reader_report(r, SPEC_WARNING, value, at,
			      "a reference inside a longer text is not replaced (make it the whole value)");
}

/* The nodes are walked, not what was read of them: they have places. */
RULE(rule_env)
{
	(void)member;
	for (uint32_t i = 0; node->kind == NODE_MAP && i < node->count; i++) {
		const char *name = node->children[2 * i]->text;
		struct path at = { path, name, 0 };

		check_variable(r, name, node->children[2 * i + 1], &at);
	}
}

RULE(rule_url)
{
	static const char plain[] = "http://", secure[] = "https://";
	const char *url = text_of(member);

	if (text_starts_with(url, secure))
		reader_report(r, SPEC_REFUSED, node, path,
			      "not in effect on this node: health checks speak plain http");
	else if (!text_starts_with(url, plain) || strcspn(url + strlen(plain), "/:?#") == 0)
		reader_report(r, SPEC_FLAW, node, path, "`%.60s` names no host (http://localhost:8080/health)", url);
}

RULE(rule_init_action)
{
	static const char *const actions[] = { "init.wait_tcp", "init.wait_http", "init.run", "init.s3_push",
					       "init.s3_pull" };
	const char *uses = text_of(member), *near;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(uses, actions[i]) == 0)
			return;
	near = strcmp(uses, "init.exec") == 0 ? "init.run" : text_nearest(uses, actions, ARRAY_SIZE(actions));
	if (near)
		reader_report(r, SPEC_FLAW, node, path, "unknown action `%.60s` (did you mean `%s`?)", uses, near);
	else
		reader_report(r, SPEC_FLAW, node, path,
			      "unknown action `%.60s` (init.wait_tcp, init.wait_http, init.run)", uses);
}

RULE(rule_volume_name)
{
	if (!name_is_dns_label(text_of(member)))
		reader_report(r, SPEC_FLAW, node, path,
			      "`%.63s` is no volume name (1 to 63 of a-z, 0-9 and `-`, no `-` first or last)",
			      text_of(member));
}

RULE(rule_schedule)
{
	struct error err = { 0 };
	struct cron cron;

	if (cron_parse(text_of(member), &cron, &err) < 0)
		reader_report(r, SPEC_ERROR, node, path, "`%.60s` is no schedule: %s", text_of(member), err.msg);
}

RULE(rule_hostname)
{
	if (!name_is_hostname(text_of(member)))
		reader_report(r, SPEC_FLAW, node, path,
			      "`%.64s` is no host name (1 to 64 letters, digits, `-` and `.`)", text_of(member));
}

RULE(rule_signal)
{
	if (signal_from_name(text_of(member)) < 0)
		reader_report(r, SPEC_FLAW, node, path, "unknown signal `%.20s` (SIGTERM, TERM, 15)", text_of(member));
}

RULE(rule_backends)
{
	if (((const struct strv *)member)->count == 0)
		reader_report(r, SPEC_ERROR, node, path, "there is no backend (at least one)");
}

/* ---- whether a value is in effect on this node after all ---- */

bool spec_is_private(const char *text)
{
	return strcmp(text, "private") == 0 || !*text;
}

bool spec_is_host(const char *text)
{
	return strcmp(text, "host") == 0 || !*text;
}

bool spec_host_is_amd64(const char *text)
{
	(void)text;
#ifdef __x86_64__
	return true;
#else
	return false;
#endif
}

bool spec_host_is_arm64(const char *text)
{
	(void)text;
#ifdef __aarch64__
	return true;
#else
	return false;
#endif
}
