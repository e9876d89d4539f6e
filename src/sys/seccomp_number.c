/* seccomp_number.c - numbers of system calls that libseccomp 2.5.4 does not know by name. */
#include "sys/seccomp_number.h"

#include <seccomp.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define X32_BIT 0x40000000

/* Since 424 a new call has one number on all architectures; first in kernel 6.5 to 6.17. */
static const struct {
	const char *name;
	int number;
} common[] = {
	{ "cachestat", 451 },         { "fchmodat2", 452 },        { "map_shadow_stack", 453 },
	{ "futex_wake", 454 },        { "futex_wait", 455 },       { "futex_requeue", 456 },
	{ "statmount", 457 },         { "listmount", 458 },        { "lsm_get_self_attr", 459 },
	{ "lsm_set_self_attr", 460 }, { "lsm_list_modules", 461 }, { "mseal", 462 },
	{ "setxattrat", 463 },        { "getxattrat", 464 },       { "listxattrat", 465 },
	{ "removexattrat", 466 },     { "open_tree_attr", 467 },   { "file_getattr", 468 },
	{ "file_setattr", 469 },
};

int seccomp_number_of(uint32_t arch_token, const char *name)
{
	if (strcmp(name, "uretprobe") == 0)
		return arch_token == SCMP_ARCH_X86_64 ? 335 : -1;
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		if (strcmp(name, common[i].name) == 0)
			return common[i].number | (arch_token == SCMP_ARCH_X32 ? X32_BIT : 0);
	return -1;
}
