/* loopback.h - the lo interface of this network namespace. */
#pragma once

/* Brings lo up. 0 or negative errno. */
int loopback_up(void);
