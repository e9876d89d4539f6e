/* rlimit_name.c - resource limits as docker names them and as the OCI runtime-spec does. */
#include "oci/rlimit_name.h"

#include <stddef.h>
#include <string.h>
#include <sys/resource.h>

static const struct {
	const char *ulimit, *oci;
} names[RLIMIT_COUNT] = {
	[RLIMIT_CPU] = { "cpu", "RLIMIT_CPU" },
	[RLIMIT_FSIZE] = { "fsize", "RLIMIT_FSIZE" },
	[RLIMIT_DATA] = { "data", "RLIMIT_DATA" },
	[RLIMIT_STACK] = { "stack", "RLIMIT_STACK" },
	[RLIMIT_CORE] = { "core", "RLIMIT_CORE" },
	[RLIMIT_RSS] = { "rss", "RLIMIT_RSS" },
	[RLIMIT_NPROC] = { "nproc", "RLIMIT_NPROC" },
	[RLIMIT_NOFILE] = { "nofile", "RLIMIT_NOFILE" },
	[RLIMIT_MEMLOCK] = { "memlock", "RLIMIT_MEMLOCK" },
	[RLIMIT_AS] = { "as", "RLIMIT_AS" },
	[RLIMIT_LOCKS] = { "locks", "RLIMIT_LOCKS" },
	[RLIMIT_SIGPENDING] = { "sigpending", "RLIMIT_SIGPENDING" },
	[RLIMIT_MSGQUEUE] = { "msgqueue", "RLIMIT_MSGQUEUE" },
	[RLIMIT_NICE] = { "nice", "RLIMIT_NICE" },
	[RLIMIT_RTPRIO] = { "rtprio", "RLIMIT_RTPRIO" },
	[RLIMIT_RTTIME] = { "rttime", "RLIMIT_RTTIME" },
};

int rlimit_from_ulimit(const char *name)
{
	for (int i = 0; i < RLIMIT_COUNT; i++)
		if (strcmp(name, names[i].ulimit) == 0)
			return i;
	return -1;
}

int rlimit_from_oci(const char *name)
{
	for (int i = 0; i < RLIMIT_COUNT; i++)
		if (strcmp(name, names[i].oci) == 0)
			return i;
	return -1;
}

const char *rlimit_oci_name(int resource)
{
	return names[resource].oci;
}
