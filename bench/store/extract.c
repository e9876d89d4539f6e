/* extract.c - libarchive's own extraction of an archive into the working directory: what `import` is compared to. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

#define BLOCK (512UL << 10)

int main(int argc, char **argv)
{
	struct archive *source = archive_read_new(), *disk = archive_write_disk_new();
	struct archive_entry *entry;
	int r;

	archive_read_support_format_tar(source);
	archive_read_support_filter_all(source);
	archive_write_disk_set_options(disk, ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME |
						     ARCHIVE_EXTRACT_XATTR | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
						     ARCHIVE_EXTRACT_SECURE_NODOTDOT);
	if (argc != 2 || archive_read_open_filename(source, argv[1], BLOCK) != ARCHIVE_OK)
		return 2;
	while ((r = archive_read_next_header(source, &entry)) == ARCHIVE_OK)
		if (archive_read_extract2(source, entry, disk) != ARCHIVE_OK)
			break;
	if (r != ARCHIVE_EOF)
		fprintf(stderr, "%s\n", archive_error_string(source));
	archive_write_free(disk);
	archive_read_free(source);
	return r != ARCHIVE_EOF;
}
