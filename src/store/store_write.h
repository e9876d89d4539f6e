/* store_write.h - the steps by which a store changes, for both sides. Negative errno. */
#pragma once

/* Makes names/FILE point to images/HEX, in one step. Under the records' lock. */
int store_put_name(int storefd, const char *file, const char *hex);
