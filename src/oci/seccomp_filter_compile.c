/* seccomp_filter_compile.c - linux.seccomp (OCI runtime-spec 1.1, config-linux.md) to a BPF program. */
#include "oci/seccomp_filter.h"

#include <linux/seccomp.h>
#include <string.h>

#include "oci/config_reader.h"
#include "sys/seccomp_compiler.h"

#define ARGUMENTS 6
#define ERRNO_LIMIT 4095 /* MAX_ERRNO of the kernel */

void seccomp_filter_done(struct seccomp_filter *filter)
{
	free(filter->own);
	*filter = (struct seccomp_filter){ 0 };
}

static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },
	{ "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO },
	{ "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "SCMP_ACT_TRAP", SECCOMP_RET_TRAP },
	{ "SCMP_ACT_TRACE", SECCOMP_RET_TRACE },
	{ "SCMP_ACT_LOG", SECCOMP_RET_LOG },
};

/* The data of ERRNO and TRACE; EPERM when it is not said, as the other runtimes have it. */
static int read_action(const struct object *from, const char *key, const char *errno_key, uint32_t *ret,
		       struct error *err)
{
	uint32_t data = EPERM;
	const char *name = NULL;

	if (json_get_text(from->json, key, from->at, &name, err) < 0 ||
	    object_get_u32(from, errno_key, ERRNO_LIMIT, &data, NULL, err) < 0)
		return -1;
	if (!name)
		return fail(err, ERR_INVALID_SPEC, "%s.%s: missing", from->at, key);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (strcmp(name, actions[i].name) != 0)
			continue;
		*ret = actions[i].action;
		if (*ret == SECCOMP_RET_ERRNO || *ret == SECCOMP_RET_TRACE)
			*ret |= data;
		return 0;
	}
	if (strcmp(name, "SCMP_ACT_NOTIFY") == 0)
		return fail(err, ERR_UNSUPPORTED, "%s.%s: SCMP_ACT_NOTIFY needs a listener, which is not supported",
			    from->at, key);
	return fail(err, ERR_INVALID_SPEC, "%s.%s: unknown action `%s`", from->at, key, name);
}

static int parse_operator(const char *name)
{
	static const char *const names[] = {
		[SECCOMP_NOT_EQUAL] = "SCMP_CMP_NE",           [SECCOMP_LESS] = "SCMP_CMP_LT",
		[SECCOMP_LESS_OR_EQUAL] = "SCMP_CMP_LE",       [SECCOMP_EQUAL] = "SCMP_CMP_EQ",
		[SECCOMP_GREATER_OR_EQUAL] = "SCMP_CMP_GE",    [SECCOMP_GREATER] = "SCMP_CMP_GT",
		[SECCOMP_MASKED_EQUAL] = "SCMP_CMP_MASKED_EQ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

static int read_condition(const struct object *item, void *ret, struct error *err)
{
	struct seccomp_condition *condition = ret;
	const char *op = "";
	uint32_t index = ARGUMENTS;
	int parsed;

	if (object_get_u32(item, "index", ARGUMENTS - 1, &index, NULL, err) < 0 ||
	    json_get_u64(item->json, "value", item->at, &condition->value, err) < 0 ||
	    json_get_u64(item->json, "valueTwo", item->at, &condition->value_two, err) < 0 ||
	    json_get_text(item->json, "op", item->at, &op, err) < 0)
		return -1;
	parsed = parse_operator(op);
	if (parsed < 0)
		return fail(err, ERR_INVALID_SPEC, "%s.op: unknown operator `%s`", item->at, op);
	if (index == ARGUMENTS)
		return fail(err, ERR_INVALID_SPEC, "%s.index: missing", item->at);
	condition->index = index;
	condition->op = (enum seccomp_operator)parsed;
	return 0;
}

struct conditions {
	struct seccomp_condition *items;
	size_t count;
};

static void conditions_done(struct conditions *conditions)
{
	free(conditions->items);
}
DEFINE_AUTO_DONE(conditions)

/* Two conditions on one argument are alternatives, not both at once: so runc reads them, and docker's profiles are
 * written for it. */
static bool has_repeated_argument(const struct conditions *conditions)
{
	unsigned seen = 0;

	for (size_t i = 0; i < conditions->count; i++) {
		if (seen & 1U << conditions->items[i].index)
			return true;
		seen |= 1U << conditions->items[i].index;
	}
	return false;
}

static int add_rule(struct seccomp_compiler *compiler, const char *name, uint32_t action,
		    const struct conditions *conditions)
{
	int r = 0;

	if (!has_repeated_argument(conditions))
		return seccomp_compiler_add_rule(compiler, name, action, conditions->items, conditions->count);
	for (size_t i = 0; i < conditions->count && r == 0; i++)
		r = seccomp_compiler_add_rule(compiler, name, action, &conditions->items[i], 1);
	return r;
}

/* A call that nobody knows, or knows no arguments of, stays with the default action: that is refused where the rule
 * would take something away. */
static int add_named(struct seccomp_compiler *compiler, const struct object *rule, const char *name, uint32_t action,
		     const struct conditions *conditions, struct error *err)
{
	int r = add_rule(compiler, name, action, conditions);

	if ((r == -ENOENT || r == -EOPNOTSUPP) && action == SECCOMP_RET_ALLOW)
		return 0;
	if (r == -ENOENT || r == -EOPNOTSUPP)
		return fail(err, ERR_UNSUPPORTED, "%s: system call `%s` is not known here, so it cannot be denied",
			    rule->at, name);
	return r < 0 ? fail_errno_as(err, ERR_INVALID_SPEC, r, "%s: `%s`", rule->at, name) : 0;
}

static int read_rule(const struct object *rule, struct seccomp_compiler *compiler, struct error *err)
{
	AUTO_DONE(conditions) conditions = { 0 };
	AUTO_DONE(strv) names = { 0 };
	uint32_t action;

	if (json_get_strv(rule->json, "names", rule->at, &names, err) < 0 ||
	    read_action(rule, "action", "errnoRet", &action, err) < 0 ||
	    object_read_list(rule, "args", sizeof(*conditions.items), read_condition, &conditions.items,
			     &conditions.count, err) < 0)
		return -1;
	if (names.count == 0)
		return fail(err, ERR_INVALID_SPEC, "%s.names: at least one is wanted", rule->at);
	for (size_t i = 0; i < names.count; i++)
		if (add_named(compiler, rule, names.items[i], action, &conditions, err) < 0)
			return -1;
	return 0;
}

static int read_rules(const struct object *profile, struct seccomp_compiler *compiler, struct error *err)
{
	struct json_object *list;
	struct object rule;
	size_t count;

	if (object_list(profile, "syscalls", &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (object_item(profile, "syscalls", list, i, &rule, err) < 0 || read_rule(&rule, compiler, err) < 0)
			return -1;
	return 0;
}

static int read_archs(const struct object *profile, struct seccomp_compiler *compiler, struct error *err)
{
	AUTO_DONE(strv) names = { 0 };

	if (json_get_strv(profile->json, "architectures", profile->at, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		int r = seccomp_compiler_add_arch(compiler, names.items[i]);

		if (r < 0)
			return fail_errno_as(err, ERR_INVALID_SPEC, r, "%s.architectures[%zu]: `%s`", profile->at, i,
					     names.items[i]);
	}
	return 0;
}

static int read_flags(const struct object *profile, unsigned *ret, struct error *err)
{
	static const struct {
		const char *name;
		unsigned flag;
	} known[] = {
		{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
		{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	};
	AUTO_DONE(strv) names = { 0 };

	if (json_get_strv(profile->json, "flags", profile->at, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		size_t j = 0;

		while (j < ARRAY_SIZE(known) && strcmp(names.items[i], known[j].name) != 0)
			j++;
		if (j == ARRAY_SIZE(known))
			return fail(err, ERR_UNSUPPORTED, "%s.flags[%zu]: unknown flag `%s`", profile->at, i,
				    names.items[i]);
		*ret |= known[j].flag;
	}
	return 0;
}

int seccomp_filter_compile(struct json_object *profile, struct seccomp_filter *ret, struct error *err)
{
	struct object from = { profile, "linux.seccomp" };
	AUTO(seccomp_compiler) compiler = NULL;
	struct seccomp_filter filter = { 0 };
	uint32_t action;
	int r;

	if (read_action(&from, "defaultAction", "defaultErrnoRet", &action, err) < 0 ||
	    read_flags(&from, &filter.flags, err) < 0)
		return -1;
	compiler = seccomp_compiler_new(action);
	if (!compiler)
		return fail_oom(err);
	if (read_archs(&from, compiler, err) < 0 || read_rules(&from, compiler, err) < 0)
		return -1;
	r = seccomp_compiler_finish(compiler, &filter.own, &filter.length);
	if (r < 0)
		return fail_errno_as(err, ERR_INVALID_SPEC, r, "linux.seccomp");
	filter.program = filter.own;
	*ret = filter;
	return 0;
}
