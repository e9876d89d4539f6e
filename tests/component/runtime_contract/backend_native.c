/* backend_native.c - real containers, in directories of their own, of an image made from the host's static busybox. */
#include "contract.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "store/store.h"

static char root[64], root_dir[80], runtime_dir[80];
static char *bin_dir;

/* ---- the image: a tar of a few entries ---- */

struct header { /* ustar, POSIX.1-1988 */
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, linked[100], magic[8];
	char rest[247];
};

static void add_entry(struct strbuf *tar, const char *name, char type, const char *linked, const char *data, size_t len)
{
	struct header h = { .type = type, .magic = { 'u', 's', 't', 'a', 'r', '\0', '0', '0' } };
	static const char padding[512];
	unsigned sum = 0;

	snprintf(h.name, sizeof(h.name), "%s", name);
	snprintf(h.linked, sizeof(h.linked), "%s", linked);
	snprintf(h.mode, sizeof(h.mode), "%07o", strncmp(name, "etc/", 4) == 0 && type == '0' ? 0644 : 0755);
	memcpy(h.uid, "0000000", 8);
	memcpy(h.gid, "0000000", 8);
	memcpy(h.mtime, "00000000000", 12);
	snprintf(h.size, sizeof(h.size), "%011zo", len);
	memset(h.checksum, ' ', sizeof(h.checksum));
	for (size_t i = 0; i < sizeof(h); i++)
		sum += ((const unsigned char *)&h)[i];
	snprintf(h.checksum, sizeof(h.checksum), "%06o", sum);
	strbuf_add(tar, &h, sizeof(h));
	strbuf_add(tar, data, len);
	strbuf_add(tar, padding, (512 - len % 512) % 512);
}

static int make_tar(struct strbuf *tar, struct error *err)
{
	static const char *const directories[] = { "bin/", "etc/", "tmp/", "proc/", "sys/", "dev/" };
	static const char *const links[] = { "bin/sh", "bin/sleep", "bin/true", "bin/echo", "bin/cat" };
	static const char passwd[] = "root:x:0:0:root:/:/bin/sh\n";
	static const char end[1024];
	autofree char *busybox = NULL;
	size_t len;
	int r = file_read_at(AT_FDCWD, "/bin/busybox", 16UL << 20, &busybox, &len);

	if (r < 0)
		return fail_errno_as(err, ERR_UNSUPPORTED, r, "/bin/busybox");
	for (size_t i = 0; i < ARRAY_SIZE(directories); i++)
		add_entry(tar, directories[i], '5', "", NULL, 0);
	add_entry(tar, "bin/busybox", '0', "", busybox, len);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		add_entry(tar, links[i], '2', "busybox", NULL, 0);
	add_entry(tar, "etc/passwd", '0', "", passwd, strlen(passwd));
	strbuf_add(tar, end, sizeof(end));
	return strbuf_status(tar) < 0 ? fail_oom(err) : 0;
}

static int import_image(struct error *err)
{
	autofree char *program = text_format("%s/zlayer-store", bin_dir), *path = text_format("%s/image.tar", root);
	autofree char *id = NULL;
	AUTO_DONE(strbuf) tar = { 0 };
	AUTO(store) store = store_open(root_dir, program, err);
	autoclose int fd = -1;
	int r;

	if (!store || make_tar(&tar, err) < 0)
		return -1;
	r = file_create_at(AT_FDCWD, path, tar.data, tar.len, 0600);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (r < 0 || fd < 0)
		return fail_errno(err, r < 0 ? r : errno, "%s", path);
	return store_import(store, fd, &(struct import_options){ .reference = "busybox" }, &id, err);
}

/* ---- the runtime ---- */

static struct runtime *open_again(const struct secret_source *secrets, struct error *err)
{
	struct runtime_options options = {
		.backend = "auto", /* asks what this host lacks */
		.root_dir = root_dir,
		.runtime_dir = runtime_dir,
		.libexec_dir = bin_dir,
		.secrets = secrets,
	};

	return runtime_open(&options, err);
}

static int make_directories(const char *build, struct error *err)
{
	snprintf(root, sizeof(root), "/tmp/contract-XXXXXX");
	if (!mkdtemp(root))
		return fail_errno(err, errno, "temporary directory");
	snprintf(root_dir, sizeof(root_dir), "%s/root", root);
	snprintf(runtime_dir, sizeof(runtime_dir), "%s/run", root);
	bin_dir = text_format("%s/bin", build);
	if (!bin_dir || mkdir(root_dir, 0700) < 0 || mkdir(runtime_dir, 0700) < 0)
		return fail_errno(err, errno, "%s", root);
	return import_image(err);
}

static struct runtime *open_native(const struct secret_source *secrets, struct error *err)
{
	const char *build = getenv("ZLAYER_TEST_BUILD");
	struct runtime *runtime;

	if (!build) {
		fail(err, ERR_INVALID_SPEC, "ZLAYER_TEST_BUILD is not set: where are the programs?");
		return NULL;
	}
	if (!*root && make_directories(build, err) < 0)
		return NULL;
	runtime = open_again(secrets, err);
	if (!runtime && err->kind == ERR_CONFIGURATION)
		err->kind = ERR_UNSUPPORTED;
	return runtime;
}

static void clean_up(void)
{
	if (*root)
		dir_remove_tree(AT_FDCWD, root);
	free(bin_dir);
}

const struct contract_backend contract_native = { "native", open_native, open_again, clean_up };
