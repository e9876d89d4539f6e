/* layer_attributes.h - owner, mode, time and extended attributes of what a layer holds. Negative errno. */
#pragma once
#include "store/tar_reader.h"

/* Of an open file or directory. Owner before mode before attributes: chown clears setuid and security.capability. */
int layer_set_attributes(int fd, const struct tar_entry *entry);

/* Of what cannot be opened: symlinks, devices, fifos. Their extended attributes are not kept. */
int layer_set_attributes_at(int dirfd, const char *name, const struct tar_entry *entry);

/* Gives a directory the owner, mode and time that `path` has in the topmost of the layers that shows it. */
int layer_inherit_attributes(int fd, const char *path, const int *lowers, size_t n_lowers);

int layer_set_opaque(int dirfd);
