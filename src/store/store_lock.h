/* store_lock.h - the two locks of a store.
 *
 * use      Held shared by whoever brings content in, from its first byte until the image is recorded: what is in
 *          tmp/ and what no image refers to yet may be somebody's. Held alone by whoever clears those away.
 * records  Held alone, briefly, around each change of images/ and names/. Taken after `use` where both are.
 *
 * Readers take neither. Locks end with the fd, so with the process.
 */
#pragma once
#include "base/error.h"

enum store_lock_mode {
	STORE_USE_SHARED,
	STORE_USE_ALONE, /* does not wait: -EWOULDBLOCK while anyone else holds it */
	STORE_RECORDS,
};

/* An fd that holds the lock, the caller's; or negative errno. */
int store_lock_take(int storefd, enum store_lock_mode mode);
