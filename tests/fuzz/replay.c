/* replay.c - the main of a fuzz target that replays files: each file of each directory given is one input. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"

#define INPUT_LIMIT (16UL << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(int dirfd, const char *name)
{
	autofree char *data = NULL, *exact = NULL;
	size_t len;

	if (file_read_at(dirfd, name, INPUT_LIMIT, &data, &len) < 0)
		return -1;
	/* Without the NUL behind it, so that a read past the end is seen. */
	exact = malloc(len ? len : 1);
	if (!exact)
		return -1;
	memcpy(exact, data, len);
	return LLVMFuzzerTestOneInput((const uint8_t *)exact, len);
}

static int replay_directory(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || entry->d_type == DT_DIR)
			continue;
		if (replay_file(dirfd(dir), entry->d_name) < 0) {
			fprintf(stderr, "%s/%s: cannot be read\n", path, entry->d_name);
			count = -1;
			break;
		}
		count++;
	}
	closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int count = replay_directory(argv[i]);

		if (count <= 0) {
			fprintf(stderr, "%s: no inputs\n", argv[i]);
			return 1;
		}
		printf("%s: %d inputs\n", argv[i], count);
	}
	return 0;
}
