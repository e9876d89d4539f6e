/* allowed_calls.h - the system calls that zlayer-store needs once it is confined. */
#pragma once

/* Everything else is EPERM from here on. 0 or negative errno. */
int allowed_calls_load(void);
