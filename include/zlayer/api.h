/* api.h - what every public header of libzlayer begins with, and the rules that hold for all of them.
 *
 * Ownership  Arguments are borrowed for the call. What a function named _new or _open returns is the caller's, until
 * its _free. A `char **ret` gets a string of the caller's, for free(3); a `char ***ret` a list of them, ended by NULL,
 * for zl_strings_free. What a _get returns is borrowed and lives as long as what it came from. Outputs    Arguments
 * named ret or ret_x are set on success and untouched on failure. Errors     0 or more, or -1 (NULL where a pointer is
 * returned) with *err filled. err may be NULL. Options    A struct of options is cleared, then its `size` is set to its
 * sizeof: members added by a later version read as 0 then, which is always their default. Lists of strings in it end
 * with NULL; a NULL list is an empty one. Results    A struct that the library hands out by pointer may grow at its
 * end: it is not copied by value. Units      Stand in the name: _ms, _ns, _bytes. Times are nanoseconds since 1970 UTC;
 * 0 means never or not known. Threads    A client, and what was made from it, is used by one thread at a time. Clients
 * share nothing but the disk: a program makes as many as it needs. No thread is started but by zl_deployment_up.
 * Process    No signal handler is installed, no signal disposition or mask changed, no child reaped that the library
 * did not make itself. Stability  SONAME 0: none is promised before 1.0.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define ZL_BEGIN_DECLS extern "C" {
#define ZL_END_DECLS }
#else
#define ZL_BEGIN_DECLS
#define ZL_END_DECLS
#endif

#if defined(__GNUC__)
#define ZL_API __attribute__((visibility("default")))
#else
#define ZL_API
#endif

#define ZL_VERSION_MAJOR 0
#define ZL_VERSION_MINOR 1
#define ZL_VERSION_PATCH 0

ZL_BEGIN_DECLS

/* "0.1.0": of the library that is linked, which may be a later one than these headers. */
ZL_API const char *zl_version(void);

/* Frees a list that came through a `char ***ret`. NULL is fine. */
ZL_API void zl_strings_free(char **strings);

enum zl_log_level { ZL_LOG_LEVEL_ERROR, ZL_LOG_LEVEL_WARNING, ZL_LOG_LEVEL_INFO, ZL_LOG_LEVEL_DEBUG };

/* Called from any thread of the process. message has no newline. */
typedef void (*zl_log_sink)(enum zl_log_level level, const char *message);

/* Where the library's own messages go, for the whole process; the default is stderr, warnings and above. sink NULL
 * restores it. Not to be called while another thread is inside the library. */
ZL_API void zl_log_set(zl_log_sink sink, enum zl_log_level level);

ZL_END_DECLS
