/* confine.h - what zlayer-store gives up before it looks at the first byte of its input.
 *
 * Afterwards the process sees the store's directory as its whole file system, has no network, keeps the few
 * capabilities that writing layers needs (docs/design/store-confinement.md says why each), and may make the few
 * system calls of the list.
 */
#pragma once
#include "base/error.h"

/* store_fd becomes "/" and is closed. An input_fd that is a directory is replaced by a read-only mount of it
 * alone, which ".." does not lead out of. What cannot be given up is an error: nothing is parsed with less. */
int confine(int store_fd, int input_fd, struct error *err);
