/* container_config_check.c - what a container_config may say: the strict grammars that hold for every backend. */
#include "oci/container_config.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/signal_name.h"
#include "base/text.h"
#include "oci/rlimit_name.h"
#include "sys/capability.h"
#include "sys/userdb.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define ALNUM LETTERS DIGITS

#define NAME_LIMIT 253
#define HOSTNAME_LIMIT 63 /* docker's; the kernel takes 64 */
#define IMAGE_LIMIT 4096
#define LABEL_NAME_LIMIT 4096
#define CPUS_LIMIT 65536
#define CPUS_LEAST 0.01    /* the kernel's shortest quota is 1 ms of a period of 100 ms */
#define PIDS_LIMIT 4194304 /* PID_MAX_LIMIT */

char *container_path_clean(const char *path)
{
	char *clean = *path == '/' && strlen(path) < PATH_MAX ? malloc(strlen(path) + 2) : NULL, *to = clean;

	if (!clean) {
		errno = *path == '/' && strlen(path) < PATH_MAX ? ENOMEM : EINVAL;
		return NULL;
	}
	for (const char *part = path; *part;) {
		size_t len = strcspn(part, "/");

		if (len == 2 && part[0] == '.' && part[1] == '.') {
			free(clean);
			errno = EINVAL;
			return NULL;
		}
		if (len > 0 && !(len == 1 && *part == '.')) {
			*to++ = '/';
			memcpy(to, part, len);
			to += len;
		}
		part += len + (part[len] == '/');
	}
	if (to == clean)
		*to++ = '/';
	*to = '\0';
	return clean;
}

static bool is_plain_name(const char *text)
{
	return strlen(text) <= NAME_LIMIT && strspn(text, ALNUM) > 0 && text_is_made_of(text, ALNUM "_.-");
}

int container_mount_check(const struct container_mount *mount, struct error *err)
{
	if (strcmp(mount->target, "/") == 0)
		return fail(err, ERR_INVALID_SPEC, "mount /: the root cannot be mounted over");
	if ((mount->type == MOUNT_VOLUME || mount->type == MOUNT_ANONYMOUS) && strchr(mount->target, '='))
		return fail(err, ERR_INVALID_SPEC, "mount %s: no `=` in the target of a volume", mount->target);
	switch (mount->type) {
	case MOUNT_BIND:
		if (!mount->source || *mount->source != '/' || strlen(mount->source) >= PATH_MAX)
			return fail(err, ERR_INVALID_SPEC, "mount %s: the source of a bind is an absolute path",
				    mount->target);
		break;
	case MOUNT_VOLUME:
		if (!mount->source || !is_plain_name(mount->source))
			return fail(
				err, ERR_INVALID_SPEC,
				"mount %s: a volume's name begins with a letter or digit, then letters, digits, _ . -",
				mount->target);
		break;
	case MOUNT_ANONYMOUS:
	case MOUNT_TMPFS:
		if (mount->source)
			return fail(err, ERR_INVALID_SPEC, "mount %s: this type has no source", mount->target);
		break;
	}
	if (mount->mode > 07777)
		return fail(err, ERR_INVALID_SPEC, "mount %s: mode %o is none", mount->target, mount->mode);
	return 0;
}

int container_ulimit_check(const struct container_ulimit *ulimit, struct error *err)
{
	if (rlimit_from_ulimit(ulimit->name) < 0)
		return fail(err, ERR_INVALID_SPEC, "ulimit %s: unknown name", ulimit->name);
	if (ulimit->soft > ulimit->hard)
		return fail(err, ERR_INVALID_SPEC, "ulimit %s: soft limit above the hard one", ulimit->name);
	return 0;
}

static int check_plain_name(const char *field, const char *text, struct error *err)
{
	if (text && !is_plain_name(text))
		return fail(err, ERR_INVALID_SPEC,
			    "%s `%s`: begins with a letter or digit, then letters, digits, _ . -, at most %d", field,
			    text, NAME_LIMIT);
	return 0;
}

static int check_identity(const struct container_config *c, struct error *err)
{
	if (check_plain_name("name", c->name, err) < 0 || check_plain_name("deployment", c->deployment, err) < 0 ||
	    check_plain_name("service", c->service, err) < 0 || check_plain_name("role", c->role, err) < 0)
		return -1;
	if (!c->image || !*c->image || strlen(c->image) > IMAGE_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "image: a reference is wanted");
	return 0;
}

/* RFC 1123: labels of letters, digits and inner hyphens, joined by dots. */
static bool is_hostname(const char *text)
{
	if (!*text || strlen(text) > HOSTNAME_LIMIT)
		return false;
	for (;;) {
		size_t len = strspn(text, ALNUM "-");

		if (len == 0 || text[0] == '-' || text[len - 1] == '-')
			return false;
		if (text[len] == '\0')
			return true;
		if (text[len] != '.')
			return false;
		text += len + 1;
	}
}

static int check_process(const struct container_config *c, struct error *err)
{
	autofree char *clean = c->workdir ? container_path_clean(c->workdir) : NULL;

	if (c->workdir && *c->workdir != '/')
		return fail(err, ERR_INVALID_SPEC, "workdir `%s`: an absolute path is wanted", c->workdir);
	if (c->workdir && !clean)
		return errno == ENOMEM
			       ? fail_oom(err)
			       : fail(err, ERR_INVALID_SPEC, "workdir `%s`: `..` has no place in it", c->workdir);
	if (c->user && !userdb_is_valid(c->user))
		return fail(err, ERR_INVALID_SPEC, "user `%s`: uid|name[:gid|name] is wanted", c->user);
	if (c->hostname && !is_hostname(c->hostname))
		return fail(err, ERR_INVALID_SPEC, "hostname `%s`: no host name (RFC 1123, at most %d)", c->hostname,
			    HOSTNAME_LIMIT);
	if (c->stop_signal && signal_from_name(c->stop_signal) < 0)
		return fail(err, ERR_INVALID_SPEC, "stop signal `%s`: unknown", c->stop_signal);
	return 0;
}

static int check_env(const struct container_config *c, struct error *err)
{
	for (size_t i = 0; i < c->env.count; i++)
		if (!strchr(c->env.items[i], '=') || c->env.items[i][0] == '=')
			return fail(err, ERR_INVALID_SPEC, "env %zu `%.*s`: NAME=VALUE is wanted", i,
				    (int)strcspn(c->env.items[i], "="), c->env.items[i]);
	for (size_t i = 0; i < c->secret_env.count; i++) {
		const char *entry = c->secret_env.items[i], *equals = strchr(entry, '=');

		if (!equals || equals == entry || !text_starts_with(equals + 1, "$S:") || !equals[4])
			return fail(err, ERR_INVALID_SPEC, "secret env %.*s: NAME=$S:... is wanted",
				    (int)strcspn(entry, "="), entry);
	}
	return 0;
}

/* These the agent sets itself, from the identity. */
static const char *const own_labels[] = { LABEL_DEPLOYMENT, LABEL_SERVICE, LABEL_ROLE, LABEL_REPLICA };

bool container_label_is_own(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(own_labels); i++)
		if (strlen(own_labels[i]) == len && memcmp(name, own_labels[i], len) == 0)
			return true;
	return false;
}

static int check_label(const char *entry, struct error *err)
{
	size_t len = strcspn(entry, "=");

	if (entry[len] != '=' || len == 0 || len > LABEL_NAME_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "label `%s`: NAME=VALUE is wanted", entry);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)entry[i] <= ' ' || entry[i] == 0x7f)
			return fail(err, ERR_INVALID_SPEC, "label `%s`: no blanks or control characters in its name",
				    entry);
	if (container_label_is_own(entry, len))
		return fail(err, ERR_INVALID_SPEC, "label `%.*s`: this name is the agent's own", (int)len, entry);
	return 0;
}

static int check_labels(const struct container_config *c, struct error *err)
{
	for (size_t i = 0; i < c->labels.count; i++)
		if (check_label(c->labels.items[i], err) < 0)
			return -1;
	return 0;
}

static int check_capability_names(const char *field, const struct strv *names, struct error *err)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcasecmp(names->items[i], "ALL") != 0 && capability_from_name(names->items[i]) < 0)
			return fail(err, ERR_INVALID_SPEC, "%s `%s`: unknown capability", field, names->items[i]);
	return 0;
}

static int check_capabilities(const struct container_config *c, struct error *err)
{
	if (check_capability_names("cap_add", &c->cap_add, err) < 0)
		return -1;
	return check_capability_names("cap_drop", &c->cap_drop, err);
}

static int check_limits(const struct container_config *c, struct error *err)
{
	if (!isfinite(c->cpus) || (c->cpus != 0 && (c->cpus < CPUS_LEAST || c->cpus > CPUS_LIMIT)))
		return fail(err, ERR_INVALID_SPEC, "cpus %g: %g to %d is wanted", c->cpus, CPUS_LEAST, CPUS_LIMIT);
	if (c->memory_bytes > INT64_MAX)
		return fail(err, ERR_INVALID_SPEC, "memory: more than 8 EiB");
	if (c->pids_limit < -1 || c->pids_limit > PIDS_LIMIT)
		return fail(err, ERR_INVALID_SPEC, "pids limit %lld: -1 to %d is wanted", (long long)c->pids_limit,
			    PIDS_LIMIT);
	for (size_t i = 0; i < c->n_ulimits; i++)
		if (container_ulimit_check(&c->ulimits[i], err) < 0)
			return -1;
	return 0;
}

static int check_mounts(const struct container_config *c, struct error *err)
{
	for (size_t i = 0; i < c->n_mounts; i++)
		if (container_mount_check(&c->mounts[i], err) < 0)
			return -1;
	return 0;
}

int container_config_check(const struct container_config *config, struct error *err)
{
	static int (*const checks[])(const struct container_config *, struct error *) = {
		check_identity, check_process, check_env, check_labels, check_capabilities, check_limits, check_mounts,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		if (checks[i](config, err) < 0)
			return -1;
	return 0;
}
