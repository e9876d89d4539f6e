/* seccomp_compiler.h - rules by system call name to a BPF program, over libseccomp. No policy, no text: negative
 * errno.
 *
 * Before libseccomp's program runs a prologue of ours, an architecture at a time. It answers ENOSYS for system calls
 * newer than the newest that a rule names (a C library then falls back, where EPERM would be final), unless the
 * default action lets calls through; and it decides the system calls whose names this libseccomp is too old to know.
 */
#pragma once
#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct seccomp_compiler;

enum seccomp_operator {
	SECCOMP_NOT_EQUAL,
	SECCOMP_LESS,
	SECCOMP_LESS_OR_EQUAL,
	SECCOMP_EQUAL,
	SECCOMP_GREATER_OR_EQUAL,
	SECCOMP_GREATER,
	SECCOMP_MASKED_EQUAL, /* (argument & value) == value_two */
};

struct seccomp_condition {
	unsigned index; /* of the argument, 0 to 5 */
	enum seccomp_operator op;
	uint64_t value, value_two;
};

/* Actions are SECCOMP_RET_* of linux/seccomp.h. This machine's own architecture is in it from the start; calls of one
 * that is not added kill. NULL when memory is out or default_action is none. */
struct seccomp_compiler *seccomp_compiler_new(uint32_t default_action);
void seccomp_compiler_free(struct seccomp_compiler *compiler);
DEFINE_AUTO(seccomp_compiler)

/* "SCMP_ARCH_X86": before the first rule. 0, also when it is there already; -EINVAL: no such name, or of the other
 * endianness. */
int seccomp_compiler_add_arch(struct seccomp_compiler *compiler, const char *name);

/* All conditions of a rule must hold. A rule with the default action adds nothing and is 0. -ENOENT: a name that
 * neither libseccomp nor our table knows; -EOPNOTSUPP: conditions on a call that only our table knows. In both cases
 * nothing is added. -EINVAL: two conditions on one argument, or an action that is none. */
int seccomp_compiler_add_rule(struct seccomp_compiler *compiler, const char *name, uint32_t action,
			      const struct seccomp_condition *conditions, size_t n_conditions);

/* The program, the caller's. -E2BIG: longer than the kernel takes. */
int seccomp_compiler_finish(struct seccomp_compiler *compiler, struct sock_filter **ret, size_t *ret_length);
