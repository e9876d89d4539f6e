/* json_writer.h - JSON as a stream of calls. Commas and indentation are the writer's; the caller opens and closes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "base/strv.h"

struct json_writer {
	struct strbuf *out; /* borrowed; its status says whether memory ran out */
	bool pretty;        /* two blanks a level, as docker inspect and jq write */
	int depth;
	bool has_items; /* something stands in the innermost container already */
};

/* key is NULL inside an array and at the top. Text that is not UTF-8 has each bad byte replaced by U+FFFD. */
void json_open_object(struct json_writer *w, const char *key);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w, const char *key);
void json_close_array(struct json_writer *w);
void json_put_text(struct json_writer *w, const char *key, const char *value); /* NULL value: null */
void json_put_u64(struct json_writer *w, const char *key, uint64_t value);
void json_put_i64(struct json_writer *w, const char *key, int64_t value);
void json_put_double(struct json_writer *w, const char *key, double value); /* shortest form that reads back equal */
void json_put_bool(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);
void json_put_strv(struct json_writer *w, const char *key, const struct strv *values);

/* value is JSON already. */
void json_put_raw(struct json_writer *w, const char *key, const char *value);
