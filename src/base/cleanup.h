/* cleanup.h - what leaves scope is released; cleanups keep errno. */
#pragma once
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(f) __attribute__((cleanup(f)))

static inline void cleanup_free(void *p)
{
	int saved = errno;

	free(*(void **)p);
	errno = saved;
}

static inline void cleanup_close(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	errno = saved;
}

static inline void cleanup_fclose(FILE **f)
{
	int saved = errno;

	if (*f)
		fclose(*f);
	errno = saved;
}

#define autofree CLEANUP(cleanup_free)
#define autoclose CLEANUP(cleanup_close)
#define autofclose CLEANUP(cleanup_fclose)

/* DEFINE_AUTO(image) gives AUTO(image): `struct image *` that ends with image_free. image_free takes NULL. */
#define DEFINE_AUTO(type)                                  \
	static inline void cleanup_##type(struct type **p) \
	{                                                  \
		int saved = errno;                         \
                                                           \
		type##_free(*p);                           \
		errno = saved;                             \
	}
#define AUTO(type) CLEANUP(cleanup_##type) struct type *

/* DEFINE_AUTO_DONE(strbuf) gives AUTO_DONE(strbuf) name = {0}: the caller's memory, ended by strbuf_done. */
#define DEFINE_AUTO_DONE(type)                                 \
	static inline void cleanup_done_##type(struct type *p) \
	{                                                      \
		int saved = errno;                             \
                                                               \
		type##_done(p);                                \
		errno = saved;                                 \
	}
#define AUTO_DONE(type) CLEANUP(cleanup_done_##type) struct type

/* Moves ownership out of an auto variable. */
#define TAKE_PTR(p)                      \
	({                               \
		__typeof__(p) taken = p; \
		p = NULL;                \
		taken;                   \
	})
#define TAKE_FD(fd)             \
	({                      \
		int taken = fd; \
		fd = -1;        \
		taken;          \
	})

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
