/* secret_files.h - secrets as files below ZLAYER_ROOT_DIR/secrets, one file a secret, its whole content the value.
 *
 *   $S:name              secrets/DEPLOYMENT/name, else secrets/name
 *   $S:@service/name     secrets/DEPLOYMENT/service/name
 *   .../field            that key of the file's JSON object: a text as it is, a number or boolean as text, null as
 *   nothing,
 *                        anything else as JSON
 *
 * One newline at the end is not part of the value. A file is refused (PERMISSION_DENIED, CONFIGURATION) that group or
 * others may touch, that belongs to neither root nor us, that is a link or no regular file, that holds a NUL or more
 * than SECRET_SIZE_LIMIT bytes; so is a directory on the way that others may write.
 */
#pragma once
#include "base/cleanup.h"
#include "oci/secret_source.h"

#define SECRET_SIZE_LIMIT (1UL << 20)

struct secret_files {
	struct secret_source source; /* for runtime_options.secrets; any thread */
	char *root_dir;
};

/* root_dir is copied; it need not exist. NULL when memory is out. */
struct secret_files *secret_files_new(const char *root_dir);
void secret_files_free(struct secret_files *files);
DEFINE_AUTO(secret_files)
