/* foreground.h - staying with a container until it has ended: its output printed, our signals passed to it. */
#pragma once
#include "cli/command.h"
#include "cli/signal_watch.h"

/* signals: of signal_watch_open. The exit status for `run`: the container's, or 125 when nobody saw its end; -1 with
 * err. */
int foreground_follow(struct zl_client *client, const char *id, int signals, bool has_auto_remove,
		      struct zl_error *err);
