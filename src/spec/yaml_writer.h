/* yaml_writer.h - YAML as a stream of calls: block style, texts in quotes unless they are plain beyond doubt. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

struct yaml_writer {
	struct strbuf *out; /* borrowed; its status says whether memory ran out */
	int depth;          /* -1 before the document's map is opened */
	bool at_dash;       /* "- " was written: the next item stands on the same line */
};

/* key is NULL in a list and for the document; tag is NULL or "!name". An empty collection is written as {} or [];
 * closing it is told the same. */
void yaml_open_map(struct yaml_writer *w, const char *key, const char *tag, bool is_empty);
void yaml_close_map(struct yaml_writer *w, bool is_empty);
void yaml_open_list(struct yaml_writer *w, const char *key, bool is_empty);
void yaml_close_list(struct yaml_writer *w, bool is_empty);

void yaml_put_text(struct yaml_writer *w, const char *key, const char *tag, const char *value);

/* value as it is: a number, a word, a collection in flow style. */
void yaml_put_plain(struct yaml_writer *w, const char *key, const char *value);

/* A scalar alone: "a text" in quotes, or plain where nothing can take it for something else. */
void yaml_write_text(struct strbuf *out, const char *text);
