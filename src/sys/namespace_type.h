/* namespace_type.h - kinds of namespaces, by the names that the OCI runtime-spec gives them. */
#pragma once

/* "pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time". The CLONE_NEW* flag, or 0. */
unsigned long namespace_from_name(const char *name);

/* The entry in /proc/PID/ns of a flag of the above: "pid", "net", "mnt"...; NULL for no such flag. */
const char *namespace_file(unsigned long flag);
