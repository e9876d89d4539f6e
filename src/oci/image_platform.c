/* image_platform.c - which manifest of an index is this machine's. */
#include <string.h>
#include <sys/utsname.h>

#include "base/strbuf.h"
#include "oci/image_manifest.h"

/* The kernel's words and Go's. */
static const struct {
	const char *machine, *architecture, *variant;
} machines[] = {
	{ "x86_64", "amd64", NULL },    { "aarch64", "arm64", "v8" }, { "armv7l", "arm", "v7" },
	{ "armv6l", "arm", "v6" },      { "i686", "386", NULL },      { "riscv64", "riscv64", NULL },
	{ "ppc64le", "ppc64le", NULL }, { "s390x", "s390x", NULL },   { "loongarch64", "loong64", NULL },
	{ "mips64", "mips64le", NULL },
};

struct image_platform image_platform_host(void)
{
	struct image_platform host = { .os = (char *)"linux", .architecture = (char *)"unknown" };
	struct utsname name;

	if (uname(&name) < 0)
		return host;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (strcmp(machines[i].machine, name.machine) != 0)
			continue;
		host.architecture = (char *)machines[i].architecture;
		host.variant = (char *)machines[i].variant;
	}
	return host;
}

static bool is_same_or_unsaid(const char *said, const char *wanted)
{
	return !said || *said == '\0' || strcmp(said, wanted) == 0;
}

/* Higher is better, 0 does not fit. Of several variants ("v2", "v7"), the highest that is not above the host's;
 * where the host's is not known (amd64), only the one without. */
static int fitness(const struct image_platform *platform, const struct image_platform *host)
{
	const char *variant = platform->variant ? platform->variant : "";

	if (!is_same_or_unsaid(platform->os, host->os) ||
	    !is_same_or_unsaid(platform->architecture, host->architecture))
		return 0;
	if (*variant == '\0')
		return 2;
	if (!host->variant)
		return strcmp(variant, "v1") == 0 ? 1 : 0;
	if (variant[0] != 'v' || variant[1] == '\0' || variant[2] != '\0' || variant[1] > host->variant[1])
		return 0;
	return 3 + (unsigned char)variant[1];
}

bool image_platform_fits(const struct image_platform *platform, const struct image_platform *host)
{
	return fitness(platform, host) > 0;
}

static int fail_none(const struct image_manifest *index, const struct image_platform *host, struct error *err)
{
	AUTO_DONE(strbuf) found = { 0 };

	for (size_t i = 0; i < index->manifests.count; i++) {
		const struct image_platform *platform = &index->manifests.items[i].platform;

		strbuf_addf(&found, "%s%.30s/%.30s", i ? ", " : "", platform->os ? platform->os : "?",
			    platform->architecture ? platform->architecture : "?");
	}
	return fail(err, ERR_NOT_FOUND, "index: nothing for %s/%s (there is: %.300s)", host->os, host->architecture,
		    found.len > 0 ? strbuf_peek(&found) : "nothing at all");
}

const struct image_descriptor *image_index_pick(const struct image_manifest *index, const struct image_platform *host,
						struct error *err)
{
	const struct image_descriptor *best = NULL;
	int best_fitness = 0;

	for (size_t i = 0; i < index->manifests.count; i++) {
		int fits = fitness(&index->manifests.items[i].platform, host);

		if (fits > best_fitness) {
			best = &index->manifests.items[i];
			best_fitness = fits;
		}
	}
	if (!best)
		fail_none(index, host, err);
	return best;
}
