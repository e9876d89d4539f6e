/* network_files.c - /etc/hosts, /etc/hostname and /etc/resolv.conf of a container, as docker writes them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "runtime/native/native.h"

#define HOST_FILE_LIMIT (1UL << 20)

static int write_text(int dir_fd, const char *name, const char *text, struct error *err)
{
	int r = file_create_at(dir_fd, name, text, strlen(text), 0644);

	return r < 0 ? fail_errno(err, r, "%s", name) : 0;
}

/* With the host's network, the host's file as it is; a missing one is an empty one. */
static int copy_host_file(int dir_fd, const char *name, const char *path, struct error *err)
{
	autofree char *text = NULL;
	int r = file_read_at(AT_FDCWD, path, HOST_FILE_LIMIT, &text, NULL);

	if (r < 0 && r != -ENOENT)
		return fail_errno(err, r, "%s", path);
	return write_text(dir_fd, name, r < 0 ? "" : text, err);
}

static int write_hosts(int dir_fd, const struct container_config *config, const char *hostname, struct error *err)
{
	autofree char *text = NULL;

	if (config->network_mode == NETWORK_HOST)
		return copy_host_file(dir_fd, "hosts", "/etc/hosts", err);
	text = text_format("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
			   "ff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n127.0.0.1\t%s\n",
			   hostname);
	return text ? write_text(dir_fd, "hosts", text, err) : fail_oom(err);
}

int network_files_write(int dir_fd, const struct container_config *config, const char *hostname, struct error *err)
{
	autofree char *line = text_format("%s\n", hostname);

	if (!line)
		return fail_oom(err);
	if (write_text(dir_fd, "hostname", line, err) < 0 || write_hosts(dir_fd, config, hostname, err) < 0)
		return -1;
	return copy_host_file(dir_fd, "resolv.conf", "/etc/resolv.conf", err);
}
