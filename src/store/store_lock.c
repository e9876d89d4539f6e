/* store_lock.c - the two locks of a store, by flock(2). */
#include "store/store_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/cleanup.h"

static const struct {
	const char *file;
	int operation;
} locks[] = {
	[STORE_USE_SHARED] = { "use.lock", LOCK_SH },
	[STORE_USE_ALONE] = { "use.lock", LOCK_EX | LOCK_NB },
	[STORE_RECORDS] = { "records.lock", LOCK_EX },
};

/* Whoever removed the file while we waited left us with a lock that nobody else sees. */
static bool is_still_there(int storefd, const char *file, int fd)
{
	struct stat held, there;

	return fstat(fd, &held) == 0 && fstatat(storefd, file, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
	       held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

int store_lock_take(int storefd, enum store_lock_mode mode)
{
	for (;;) {
		autoclose int fd =
			openat(storefd, locks[mode].file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
		int r;

		if (fd < 0)
			return -errno;
		do
			r = flock(fd, locks[mode].operation);
		while (r < 0 && errno == EINTR);
		if (r < 0)
			return -errno;
		if (is_still_there(storefd, locks[mode].file, fd))
			return TAKE_FD(fd);
	}
}
