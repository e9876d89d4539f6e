/* device_filter.c - device rules as text and as an eBPF program of type BPF_CGROUP_DEVICE. */
#include "sys/device_filter.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

static void put_number(char *ret, size_t size, int64_t number)
{
	if (number < 0)
		snprintf(ret, size, "*");
	else
		snprintf(ret, size, "%lld", (long long)number);
}

void device_rule_format(const struct device_rule *rule, char ret[DEVICE_RULE_TEXT_SIZE])
{
	char major[24], minor[24];

	put_number(major, sizeof(major), rule->major);
	put_number(minor, sizeof(minor), rule->minor);
	snprintf(ret, DEVICE_RULE_TEXT_SIZE, "%c %s:%s %s%s%s", rule->type, major, minor,
		 rule->access & DEVICE_ACCESS_READ ? "r" : "", rule->access & DEVICE_ACCESS_WRITE ? "w" : "",
		 rule->access & DEVICE_ACCESS_MKNOD ? "m" : "");
}

/* The program. On entry R1 points to struct bpf_cgroup_dev_ctx; its fields are read into R2 (type), R3 (access), R4
 * (major) and R5 (minor) once. Each rule is a run of "jump to the next rule unless", then a verdict. */
#define MOST_INSTRUCTIONS 4096
#define MOST_PER_RULE 8

struct program {
	struct bpf_insn code[MOST_INSTRUCTIONS];
	size_t length;
};

static void emit(struct program *p, uint8_t code, uint8_t dst, uint8_t src, int16_t offset, int32_t imm)
{
	p->code[p->length++] =
		(struct bpf_insn){ .code = code, .dst_reg = dst & 15, .src_reg = src & 15, .off = offset, .imm = imm };
}

static void emit_prologue(struct program *p)
{
	emit(p, BPF_LDX | BPF_MEM | BPF_W, 2, 1, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, 2, 0, 0, 0xffff);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, 3, 1, 0, 0);
	emit(p, BPF_ALU | BPF_RSH | BPF_K, 3, 0, 0, 16);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, 4, 1, 4, 0);
	emit(p, BPF_LDX | BPF_MEM | BPF_W, 5, 1, 8, 0);
}

static void emit_verdict(struct program *p, bool is_allowed)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, is_allowed);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* What the kernel calls the access bits, in its own order. */
static int32_t kernel_access(unsigned access)
{
	return (access & DEVICE_ACCESS_MKNOD ? BPF_DEVCG_ACC_MKNOD : 0) |
	       (access & DEVICE_ACCESS_READ ? BPF_DEVCG_ACC_READ : 0) |
	       (access & DEVICE_ACCESS_WRITE ? BPF_DEVCG_ACC_WRITE : 0);
}

static bool has_all_access(unsigned access)
{
	return access == (DEVICE_ACCESS_READ | DEVICE_ACCESS_WRITE | DEVICE_ACCESS_MKNOD);
}

/* The jumps over the rule are filled in when its length is known. */
static void emit_rule(struct program *p, const struct device_rule *rule)
{
	size_t jumps[4], n_jumps = 0;

	if (rule->type != 'a') {
		jumps[n_jumps++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 2, 0, 0,
		     rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	}
	if (!has_all_access(rule->access)) {
		/* An allowing rule must cover every bit asked for; a denying one bites when it shares any. */
		emit(p, BPF_ALU | BPF_MOV | BPF_X, 1, 3, 0, 0);
		emit(p, BPF_ALU | BPF_AND | BPF_K, 1, 0, 0, kernel_access(rule->access));
		jumps[n_jumps++] = p->length;
		if (rule->is_allowed)
			emit(p, BPF_JMP | BPF_JNE | BPF_X, 1, 3, 0, 0);
		else
			emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0, 0);
	}
	if (rule->major >= 0) {
		jumps[n_jumps++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 4, 0, 0, (int32_t)rule->major);
	}
	if (rule->minor >= 0) {
		jumps[n_jumps++] = p->length;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 5, 0, 0, (int32_t)rule->minor);
	}
	emit_verdict(p, rule->is_allowed);
	for (size_t i = 0; i < n_jumps; i++)
		p->code[jumps[i]].off = (int16_t)(p->length - jumps[i] - 1);
}

static bool matches_everything(const struct device_rule *rule)
{
	return rule->type == 'a' && has_all_access(rule->access) && rule->major < 0 && rule->minor < 0;
}

/* Last rule first: the first match decides. What stands before a rule for everything cannot be reached, and the
 * verifier refuses unreachable code. */
static int build(struct program *p, const struct device_rule *rules, size_t n)
{
	emit_prologue(p);
	for (size_t i = n; i-- > 0;) {
		if (p->length + MOST_PER_RULE + 2 > MOST_INSTRUCTIONS)
			return -E2BIG;
		if (matches_everything(&rules[i])) {
			emit_verdict(p, rules[i].is_allowed);
			return 0;
		}
		emit_rule(p, &rules[i]);
	}
	emit_verdict(p, false);
	return 0;
}

int device_filter_attach(int cgroup_fd, const struct device_rule *rules, size_t n)
{
	autofree struct program *p = calloc(1, sizeof(*p));
	union bpf_attr load = { .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE };
	union bpf_attr attach = { .attach_type = BPF_CGROUP_DEVICE, .attach_flags = BPF_F_ALLOW_MULTI };
	autoclose int program_fd = -1;
	int r;

	if (!p)
		return -ENOMEM;
	r = build(p, rules, n);
	if (r < 0)
		return r;
	load.insns = (uintptr_t)p->code;
	load.insn_cnt = (uint32_t)p->length;
	load.license = (uintptr_t) "Apache-2.0";
	program_fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof(load));
	if (program_fd < 0)
		return -errno;
	attach.target_fd = (uint32_t)cgroup_fd;
	attach.attach_bpf_fd = (uint32_t)program_fd;
	return syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof(attach)) < 0 ? -errno : 0;
}
