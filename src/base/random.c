/* random.c - random bytes and ids from the kernel. */
#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

int random_bytes(void *ret, size_t len)
{
	char *p = ret;

	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int random_id(char ret[ID_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[ID_HEX_LENGTH / 2];
	int r = random_bytes(bytes, sizeof(bytes));

	if (r < 0)
		return r;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		ret[2 * i] = digits[bytes[i] >> 4];
		ret[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret[ID_HEX_LENGTH] = '\0';
	return 0;
}
