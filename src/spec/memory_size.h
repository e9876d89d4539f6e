/* memory_size.h - amounts of memory: "512Mi". */
#pragma once
#include <stdint.h>

/* Digits (a leading '+' and zeros pass), more than 0, then exactly Ki, Mi, Gi or Ti. 0; -EINVAL; -ERANGE when it is
 * well-formed and more than 64 bits of bytes, *ret is UINT64_MAX then. */
int memory_size_parse(const char *text, uint64_t *ret_bytes);

/* What a tmpfs may be given: the above, or bytes with k, m, g or t (1024-based, either case) or nothing behind, as the
 * kernel's mount option reads them. 0, -EINVAL or -ERANGE. */
int memory_size_parse_mount(const char *text, uint64_t *ret_bytes);
