/* device_filter.h - which device nodes a cgroup may use: the rules, and their form for cgroup v2, an eBPF program.
 * Negative errno.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEVICE_ACCESS_READ = 1, DEVICE_ACCESS_WRITE = 2, DEVICE_ACCESS_MKNOD = 4 };

struct device_rule {
	bool is_allowed;
	char type;            /* 'a' (all), 'b', 'c' */
	int64_t major, minor; /* -1: any */
	unsigned access;      /* DEVICE_ACCESS_* */
};

/* As cgroup v1's devices.allow and devices.deny take it: "c 1:3 rwm", with '*' for any. */
#define DEVICE_RULE_TEXT_SIZE 64
void device_rule_format(const struct device_rule *rule, char ret[DEVICE_RULE_TEXT_SIZE]);

/* Attaches a program that decides by the last rule that matches (none: refused) to the cgroup v2 directory. */
int device_filter_attach(int cgroup_fd, const struct device_rule *rules, size_t n);
