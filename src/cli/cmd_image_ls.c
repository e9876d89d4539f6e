/* cmd_image_ls.c - `zlayer image ls`: a line a name, newest image first. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/columns.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/option_value.h"
#include "cli/output.h"
#include <zlayer/image.h>

struct ls_flags {
	bool is_quiet, is_untruncated;
	enum output_format format;
};

#define AT(member) offsetof(struct ls_flags, member)

static const struct command_option table[] = {
	{ "all", 'a' },
	{ "digests" },
	{ "filter", 'f', "FILTER" },
	{ "format", 0, "FORMAT", "table or json", option_format, AT(format) },
	{ "no-trunc", 0, NULL, "Whole ids", option_flag, AT(is_untruncated) },
	{ "quiet", 'q', NULL, "Only ids", option_flag, AT(is_quiet) },
	{ 0 },
};

/* One printed line: an image under one of its names. */
struct line {
	const struct ls_flags *flags;
	const struct zl_image_info *image;
	const char *name; /* NULL: it has none */
};

/* The two halves of a name; a tag's colon stands behind the last slash, a digest's behind an @. The caller's. */
static char *split_name(const char *name, const char **ret_tag)
{
	char *repository = strdup(name ? zl_image_familiar_name(name) : "<none>"), *slash, *colon, *at;

	*ret_tag = "<none>";
	if (!repository)
		return NULL;
	at = strchr(repository, '@');
	if (at)
		*at = '\0';
	slash = strrchr(repository, '/');
	colon = strchr(slash ? slash : repository, ':');
	if (colon) {
		*colon = '\0';
		*ret_tag = colon + 1;
	}
	return repository;
}

static int print_id(const struct line *line, void *userdata)
{
	char id[SHORT_ID_SIZE];

	(void)userdata;
	short_id(line->image->id, id);
	return puts(line->flags->is_untruncated ? line->image->id : id) == EOF ? -1 : 0;
}

static int add_row(const struct line *line, void *userdata)
{
	char id[SHORT_ID_SIZE], created[AGE_TEXT_SIZE], size[SIZE_TEXT_SIZE];
	const char *tag;
	autofree char *repository = split_name(line->name, &tag);

	if (!repository)
		return -1;
	short_id(line->image->id, id);
	age_text(line->image->created_ns, clock_realtime_ns(), created);
	size_text(line->image->size_bytes, size);
	return columns_add(userdata,
			   (const char *const[]){ repository, tag, line->flags->is_untruncated ? line->image->id : id,
						  *created ? created : "N/A", size });
}

static int add_object(const struct line *line, void *userdata)
{
	struct json_writer *w = userdata;
	const char *tag;
	autofree char *repository = split_name(line->name, &tag);

	if (!repository)
		return -1;
	json_open_object(w, NULL);
	json_put_text(w, "ID", line->image->id);
	json_put_text(w, "Repository", repository);
	json_put_text(w, "Tag", tag);
	json_put_text(w, "Digest", line->image->manifest_digest);
	output_time(w, "CreatedAt", line->image->created_ns);
	json_put_u64(w, "Size", line->image->size_bytes);
	json_close_object(w);
	return 0;
}

/* Calls `act` for each name of each image, and once for an image without a name. */
static int for_each_line(const struct ls_flags *flags, const struct zl_image_list *list,
			 int (*act)(const struct line *line, void *userdata), void *userdata)
{
	for (size_t i = 0; i < zl_image_list_count(list); i++) {
		const struct zl_image_info *image = zl_image_list_get(list, i);
		const char *const *name = image->names;

		do {
			if (act(&(struct line){ flags, image, *name }, userdata) < 0)
				return -1;
			name += *name != NULL;
		} while (*name && !flags->is_quiet);
	}
	return 0;
}

static int print_table(const struct ls_flags *flags, const struct zl_image_list *list, struct zl_error *err)
{
	static const char *const titles[] = { "REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE" };
	AUTO_DONE(columns) columns = { .width = ARRAY_SIZE(titles) };

	if (columns_add(&columns, titles) < 0 || for_each_line(flags, list, add_row, &columns) < 0)
		return memory_error(err);
	columns_print(&columns, stdout);
	return 0;
}

static int print_json(const struct ls_flags *flags, const struct zl_image_list *list, struct zl_error *err)
{
	AUTO_DONE(strbuf) text = { 0 };
	struct json_writer w = { .out = &text, .pretty = true };

	json_open_array(&w, NULL);
	if (for_each_line(flags, list, add_object, &w) < 0)
		return memory_error(err);
	json_close_array(&w);
	return output_text(&text, err);
}

static int run(struct call *call, struct zl_error *err)
{
	const struct ls_flags *flags = call->flags;
	struct zl_image_list *list = zl_image_list_new(call->client, err);
	int r;

	if (!list)
		return -1;
	if (flags->format == OUTPUT_JSON)
		r = print_json(flags, list, err);
	else if (flags->is_quiet)
		r = for_each_line(flags, list, print_id, NULL);
	else
		r = print_table(flags, list, err);
	zl_image_list_free(list);
	return r;
}

const struct command cmd_image_ls = {
	.name = "ls",
	.synopsis = "[OPTION]...",
	.summary = "List images",
	.group = GROUP_IMAGES,
	.options = (const struct command_option *const[]){ table, NULL },
	.max_args = 0,
	.flags_size = sizeof(struct ls_flags),
	.run = run,
};
