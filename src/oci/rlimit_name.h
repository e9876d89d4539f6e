/* rlimit_name.h - resource limits as docker names them ("nofile") and as the OCI runtime-spec does. */
#pragma once

#define RLIMIT_COUNT 16

/* "nofile". The RLIMIT_* number, or -1. */
int rlimit_from_ulimit(const char *name);

/* "RLIMIT_NOFILE". The RLIMIT_* number, or -1. */
int rlimit_from_oci(const char *name);

/* "RLIMIT_NOFILE" for a number of the above. */
const char *rlimit_oci_name(int resource);
