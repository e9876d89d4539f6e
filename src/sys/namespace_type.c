/* namespace_type.c - kinds of namespaces, by name. */
#include "sys/namespace_type.h"

#include <sched.h>
#include <string.h>

#include "base/cleanup.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static const struct {
	const char *name, *file;
	unsigned long flag;
} types[] = {
	{ "pid", "pid", CLONE_NEWPID },          { "network", "net", CLONE_NEWNET }, { "mount", "mnt", CLONE_NEWNS },
	{ "ipc", "ipc", CLONE_NEWIPC },          { "uts", "uts", CLONE_NEWUTS },     { "user", "user", CLONE_NEWUSER },
	{ "cgroup", "cgroup", CLONE_NEWCGROUP }, { "time", "time", CLONE_NEWTIME },
};

unsigned long namespace_from_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(name, types[i].name) == 0)
			return types[i].flag;
	return 0;
}

const char *namespace_file(unsigned long flag)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].flag == flag)
			return types[i].file;
	return NULL;
}
