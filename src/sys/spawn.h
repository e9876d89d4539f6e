/* spawn.h - programs of the agent's own, started so that neither a container nor an embedder can be harmed by it.
 * Negative errno.
 */
#pragma once
#include <stddef.h>
#include <sys/types.h>

/* Opens a program for spawn_detached: O_PATH fd of a read-only detached mount of the file alone, so that nothing
 * that runs from it can be written through /proc/self/exe. */
int spawn_open_program(const char *path);

/* Starts it with fds[i] as fd i (0..n_fds), everything else closed, in a session of its own, as a child of init (or
 * of the nearest subreaper): the caller gets no SIGCHLD and has nothing to reap. Returns when exec has succeeded.
 * argv is NULL-terminated; the environment is empty. */
int spawn_detached(int program_fd, char *const argv[], const int *fds, size_t n_fds);
