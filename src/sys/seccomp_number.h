/* seccomp_number.h - numbers of system calls that libseccomp 2.5.4 does not know by name. */
#pragma once
#include <stdint.h>

/* The number on the architecture with this libseccomp token, the x32 bit included, or -1. */
int seccomp_number_of(uint32_t arch_token, const char *name);
