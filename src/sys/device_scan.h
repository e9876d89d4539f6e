/* device_scan.h - the device nodes of this host, for containers that are given all of them. Negative errno. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"

struct device_node {
	char *path;  /* "/dev/net/tun" */
	mode_t mode; /* with S_IFCHR or S_IFBLK */
	uint32_t major, minor, uid, gid;
};

struct device_list {
	struct device_node *items;
	size_t count, capacity;
};
void device_list_done(struct device_list *list);
DEFINE_AUTO_DONE(device_list)

/* Adds what stands below /dev, as docker gives it to privileged containers: no terminals of others (pts, console),
 * nothing that is a container's own (shm, mqueue, fd). Links are passed over. */
int device_scan(struct device_list *ret);
