/* signal_name.h - signal numbers and names as users type them. */
#pragma once

/* "TERM", "SIGTERM", "sigterm", "15", "RTMIN+3". The number, or -EINVAL. */
int signal_from_name(const char *text);

/* "SIGTERM", or NULL for a number without a name here. */
const char *signal_to_name(int signo);
