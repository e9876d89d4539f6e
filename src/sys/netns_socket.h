/* netns_socket.h - a socket of another network namespace, for a program that stays in its own. */
#pragma once

/* As socket(2), with SOCK_CLOEXEC added, made in the namespace that network_fd is; below 0: in the caller's own. fd or
 * negative errno: -EPERM without CAP_SYS_ADMIN. The caller's threads stay where they are. */
int netns_socket(int network_fd, int domain, int type, int protocol);
