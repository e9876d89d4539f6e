/* seccomp_compiler.c - rules by system call name to a BPF program, over libseccomp. */
#include "sys/seccomp_compiler.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#include "base/file.h"
#include "base/memory.h"
#include "sys/seccomp_number.h"

#define ARCHS_LIMIT 8
#define X32_BIT 0x40000000U
#define BINARY_TREE 2

/* A call that is decided in the prologue. */
struct early_rule {
	uint32_t number, action;
};

struct arch {
	uint32_t token;
	int64_t newest; /* highest number that a rule names; -1: none yet */
	struct early_rule *early;
	size_t n_early, capacity;
};

struct seccomp_compiler {
	scmp_filter_ctx context;
	uint32_t default_action;
	struct arch archs[ARCHS_LIMIT];
	size_t n_archs;
};

struct seccomp_compiler *seccomp_compiler_new(uint32_t default_action)
{
	struct seccomp_compiler *compiler = calloc(1, sizeof(*compiler));

	if (!compiler)
		return NULL;
	compiler->default_action = default_action;
	compiler->context = seccomp_init(default_action);
	if (!compiler->context || seccomp_attr_set(compiler->context, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE) < 0) {
		seccomp_compiler_free(compiler);
		return NULL;
	}
	compiler->archs[compiler->n_archs++] = (struct arch){ .token = seccomp_arch_native(), .newest = -1 };
	return compiler;
}

void seccomp_compiler_free(struct seccomp_compiler *compiler)
{
	if (!compiler)
		return;
	if (compiler->context)
		seccomp_release(compiler->context);
	for (size_t i = 0; i < compiler->n_archs; i++)
		free(compiler->archs[i].early);
	free(compiler);
}

#define ARCH_PREFIX "SCMP_ARCH_"

/* libseccomp has the names in lower case, without the prefix. */
static uint32_t arch_token(const char *name)
{
	char lower[32];
	size_t i;

	if (strncmp(name, ARCH_PREFIX, strlen(ARCH_PREFIX)) != 0)
		return 0;
	name += strlen(ARCH_PREFIX);
	for (i = 0; name[i] && i + 1 < sizeof(lower); i++)
		lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	lower[i] = '\0';
	return name[i] || strcmp(lower, "native") == 0 ? 0 : seccomp_arch_resolve_name(lower);
}

int seccomp_compiler_add_arch(struct seccomp_compiler *compiler, const char *name)
{
	uint32_t token = arch_token(name);
	int r;

	if (token == 0)
		return -EINVAL;
	for (size_t i = 0; i < compiler->n_archs; i++)
		if (compiler->archs[i].token == token)
			return 0;
	if (compiler->n_archs == ARCHS_LIMIT)
		return -E2BIG;
	r = seccomp_arch_add(compiler->context, token);
	if (r < 0)
		return r == -ENOMEM ? r : -EINVAL;
	compiler->archs[compiler->n_archs++] = (struct arch){ .token = token, .newest = -1 };
	return 0;
}

static enum scmp_compare compare_of(enum seccomp_operator op)
{
	static const enum scmp_compare compares[] = {
		[SECCOMP_NOT_EQUAL] = SCMP_CMP_NE,           [SECCOMP_LESS] = SCMP_CMP_LT,
		[SECCOMP_LESS_OR_EQUAL] = SCMP_CMP_LE,       [SECCOMP_EQUAL] = SCMP_CMP_EQ,
		[SECCOMP_GREATER_OR_EQUAL] = SCMP_CMP_GE,    [SECCOMP_GREATER] = SCMP_CMP_GT,
		[SECCOMP_MASKED_EQUAL] = SCMP_CMP_MASKED_EQ,
	};

	return compares[op];
}

static void note_newest(struct arch *arch, int number)
{
	if (number > arch->newest)
		arch->newest = number;
}

static int add_known(struct seccomp_compiler *compiler, const char *name, int number, uint32_t action,
		     const struct seccomp_condition *conditions, size_t n)
{
	struct scmp_arg_cmp compares[6];

	if (n > ARRAY_SIZE(compares))
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		compares[i] = (struct scmp_arg_cmp){ conditions[i].index, compare_of(conditions[i].op),
						     conditions[i].value, conditions[i].value_two };
	for (size_t i = 0; i < compiler->n_archs; i++)
		note_newest(&compiler->archs[i], seccomp_syscall_resolve_name_arch(compiler->archs[i].token, name));
	if (action == compiler->default_action)
		return 0;
	return seccomp_rule_add_array(compiler->context, action, number, (unsigned)n, compares);
}

static int add_early(struct arch *arch, uint32_t number, uint32_t action)
{
	for (size_t i = 0; i < arch->n_early; i++)
		if (arch->early[i].number == number)
			return arch->early[i].action == action ? 0 : -EEXIST;
	if (array_reserve((void **)&arch->early, &arch->capacity, arch->n_early + 1, sizeof(*arch->early)) < 0)
		return -ENOMEM;
	arch->early[arch->n_early++] = (struct early_rule){ number, action };
	return 0;
}

static int add_by_table(struct seccomp_compiler *compiler, const char *name, uint32_t action, size_t n_conditions)
{
	bool is_known = false;
	int r = 0;

	for (size_t i = 0; i < compiler->n_archs && r == 0; i++) {
		struct arch *arch = &compiler->archs[i];
		int number = seccomp_number_of(arch->token, name);

		if (number < 0)
			continue;
		is_known = true;
		if (n_conditions > 0)
			return -EOPNOTSUPP;
		note_newest(arch, number);
		if (action != compiler->default_action)
			r = add_early(arch, (uint32_t)number, action);
	}
	return is_known ? r : -ENOENT;
}

int seccomp_compiler_add_rule(struct seccomp_compiler *compiler, const char *name, uint32_t action,
			      const struct seccomp_condition *conditions, size_t n_conditions)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		return add_by_table(compiler, name, action, n_conditions);
	return add_known(compiler, name, number, action, conditions, n_conditions);
}

/* The prologue as it grows; room for all of it was made at its start. */
struct prologue {
	struct sock_filter *program;
	size_t length;
};

static size_t emit(struct prologue *p, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t k)
{
	p->program[p->length] = (struct sock_filter){ code, if_true, if_false, k };
	return p->length++;
}

/* Makes the jump at `from` lead to the next instruction. */
static void land(struct prologue *p, size_t from)
{
	p->program[from].k = (uint32_t)(p->length - from - 1);
}

#define LOAD(field) BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, field)

static bool lets_through(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE: /* a tracer answers for itself */
		return true;
	default:
		return false;
	}
}

static uint32_t lowest_early(const struct arch *arch)
{
	uint32_t lowest = UINT32_MAX;

	for (size_t i = 0; i < arch->n_early; i++)
		if (arch->early[i].number < lowest)
			lowest = arch->early[i].number;
	return lowest;
}

/* The number is loaded. Ends in a jump that leads to libseccomp's program, filled in by the caller. */
static size_t emit_arch(struct prologue *p, const struct arch *arch, uint32_t default_action)
{
	if (arch->newest >= 0 && !lets_through(default_action)) {
		emit(p, BPF_JMP | BPF_JGT | BPF_K, 0, 1, (uint32_t)arch->newest);
		emit(p, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS);
	}
	if (arch->n_early > 0) {
		size_t past;

		emit(p, BPF_JMP | BPF_JGE | BPF_K, 1, 0, lowest_early(arch));
		past = emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
		for (size_t i = 0; i < arch->n_early; i++) {
			emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, arch->early[i].number);
			emit(p, BPF_RET | BPF_K, 0, 0, arch->early[i].action);
		}
		land(p, past);
	}
	return emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
}

/* Instructions that the prologue has at most. */
static size_t prologue_limit(const struct seccomp_compiler *compiler)
{
	size_t limit = 2;

	for (size_t i = 0; i < compiler->n_archs; i++)
		limit += 10 + 2 * compiler->archs[i].n_early;
	return limit;
}

static const struct arch *find_arch(const struct seccomp_compiler *compiler, uint32_t token)
{
	for (size_t i = 0; i < compiler->n_archs; i++)
		if (compiler->archs[i].token == token)
			return &compiler->archs[i];
	return NULL;
}

/* Where the blocks leave the prologue. */
struct exits {
	size_t at[ARCHS_LIMIT + 1], count;
};

/* The kernel reports calls of x32 as such of x86-64, with a bit in the number. Without x32 in the filter they are none
 * of the prologue's: libseccomp's program refuses them. */
static void emit_x32(struct prologue *p, const struct seccomp_compiler *compiler, struct exits *exits)
{
	const struct arch *x32 = find_arch(compiler, SCMP_ARCH_X32);
	size_t native;

	emit(p, BPF_JMP | BPF_JGE | BPF_K, 1, 0, X32_BIT);
	native = emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
	exits->at[exits->count++] =
		x32 ? emit_arch(p, x32, compiler->default_action) : emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
	land(p, native);
}

static void emit_prologue(struct prologue *p, const struct seccomp_compiler *compiler)
{
	struct exits exits = { 0 };

	emit(p, LOAD(arch));
	for (size_t i = 0; i < compiler->n_archs; i++) {
		const struct arch *arch = &compiler->archs[i];
		size_t next;

		if (arch->token == SCMP_ARCH_X32)
			continue;
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, arch->token);
		next = emit(p, BPF_JMP | BPF_JA, 0, 0, 0);
		emit(p, LOAD(nr));
		if (arch->token == SCMP_ARCH_X86_64)
			emit_x32(p, compiler, &exits);
		exits.at[exits.count++] = emit_arch(p, arch, compiler->default_action);
		land(p, next);
	}
	for (size_t i = 0; i < exits.count; i++)
		land(p, exits.at[i]);
}

static int export_program(scmp_filter_ctx context, char **ret, size_t *ret_size)
{
	autoclose int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = seccomp_export_bpf(context, fd);
	if (r < 0)
		return r;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return fd_read_all(fd, BPF_MAXINSNS * sizeof(struct sock_filter), ret, ret_size);
}

int seccomp_compiler_finish(struct seccomp_compiler *compiler, struct sock_filter **ret, size_t *ret_length)
{
	autofree char *rest = NULL;
	struct prologue p = { 0 };
	size_t size, total;
	int r = export_program(compiler->context, &rest, &size);

	if (r < 0)
		return r == -EFBIG ? -E2BIG : r;
	p.program = calloc(prologue_limit(compiler) * sizeof(*p.program) + size, 1);
	if (!p.program)
		return -ENOMEM;
	emit_prologue(&p, compiler);
	total = p.length + size / sizeof(*p.program);
	if (total > BPF_MAXINSNS) {
		free(p.program);
		return -E2BIG;
	}
	memcpy(p.program + p.length, rest, size);
	*ret = p.program;
	*ret_length = total;
	return 0;
}
