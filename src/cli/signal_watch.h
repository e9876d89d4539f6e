/* signal_watch.h - signals as something to poll: for the commands that stay in the foreground. Only this program does
 * so; the library leaves signals alone.
 */
#pragma once
#include "cli/command.h"

/* Blocks the signals that ask a program to end or tell it something, and returns an fd (the caller's) they are read
 * from; -1 with err. Blocked signals are inherited by nobody: what the library starts gets a mask of its own. */
int signal_watch_open(struct zl_error *err);

/* The next signal's number; 0 when there is none now. */
int signal_watch_next(int fd);
