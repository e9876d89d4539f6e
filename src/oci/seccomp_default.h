/* seccomp_default.h - the program of the default profile for the default capabilities, made at build time. */
#pragma once
#include <linux/filter.h>
#include <stddef.h>

extern const struct sock_filter seccomp_default_program[];
extern const size_t seccomp_default_length;
