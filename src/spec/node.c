/* node.c - a YAML text as a tree with places. */
#include "spec/node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/hashmap.h"
#include "base/memory.h"
#include "spec/limits.h"
#include "spec/scalar.h"

static const char too_deep[] = "lists and maps are nested too deeply (at most 128 levels)";

#define NULL_TAG "tag:yaml.org,2002:null"

/* A collection whose end was not read; its children wait on the stack of the builder from `base` on. */
struct level {
	struct node *node;
	size_t base;
};

struct builder {
	struct arena *nodes, *texts;
	struct spec_problems *problems;
	struct node **waiting; /* children of the open levels */
	size_t waiting_count, waiting_capacity;
	struct level levels[SPEC_DEPTH_MAX];
	size_t depth;
	struct hashmap anchors; /* name -> struct node **, both of the nodes' arena */
	size_t written;         /* nodes of the text itself */
	size_t aliased;         /* nodes added by way of aliases */
	struct node *root;
	bool is_over; /* the end of the document was read */
};

static int report(struct builder *b, yaml_mark_t at, const char *text)
{
	int r = spec_problems_add(b->problems, SPEC_ERROR, (unsigned)at.line + 1, (unsigned)at.column + 1, "", "%s",
				  text);

	return r < 0 ? r : -EINVAL;
}

static int append(struct builder *b, struct node *node)
{
	if (b->depth == 0) {
		b->root = node;
		return 0;
	}
	if (array_reserve((void **)&b->waiting, &b->waiting_capacity, b->waiting_count + 1, sizeof(*b->waiting)) < 0)
		return -ENOMEM;
	b->waiting[b->waiting_count++] = node;
	return 0;
}

static int remember_anchor(struct builder *b, const yaml_char_t *anchor, struct node *node)
{
	struct node **cell = hashmap_get(&b->anchors, (const char *)anchor);
	char *name;

	if (cell) { /* a second anchor of the same name counts from here on */
		*cell = node;
		return 0;
	}
	name = arena_dup(b->nodes, (const char *)anchor, strlen((const char *)anchor));
	cell = arena_alloc(b->nodes, sizeof(struct node *));
	if (!name || !cell)
		return -ENOMEM;
	*cell = node;
	return hashmap_put(&b->anchors, name, cell);
}

static struct node *new_node(struct builder *b, enum node_kind kind, yaml_mark_t at, const yaml_char_t *tag)
{
	struct node *node = arena_alloc(b->nodes, sizeof(*node));

	if (!node)
		return NULL;
	node->kind = kind;
	node->line = (unsigned)at.line + 1;
	node->column = (unsigned)at.column + 1;
	node->expanded = node->height = 1;
	if (tag) {
		node->tag = arena_dup(b->nodes, (const char *)tag, strlen((const char *)tag));
		if (!node->tag)
			return NULL;
	}
	return node;
}

static int add_node(struct builder *b, struct node *node, const yaml_char_t *anchor)
{
	if (++b->written > NODE_MAX)
		return report(b, (yaml_mark_t){ .line = node->line - 1, .column = node->column - 1 },
			      "the text holds more than 2000000 values");
	if (anchor && remember_anchor(b, anchor, node) < 0)
		return -ENOMEM;
	return append(b, node);
}

static int on_scalar(struct builder *b, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;
	struct node *node = new_node(b, NODE_SCALAR, e->start_mark, e->data.scalar.tag);

	if (memchr(text, '\0', len))
		return report(b, e->start_mark, "a text holds a NUL character, which no program can be given");
	if (!node)
		return -ENOMEM;
	node->is_plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->is_literal = e->data.scalar.style == YAML_LITERAL_SCALAR_STYLE;
	node->count = (uint32_t)len;
	node->text = arena_dup(b->texts, text, len);
	return node->text ? add_node(b, node, e->data.scalar.anchor) : -ENOMEM;
}

static int open_level(struct builder *b, const yaml_event_t *e, enum node_kind kind)
{
	bool is_map = kind == NODE_MAP;
	struct node *node;
	int r;

	if (b->depth == SPEC_DEPTH_MAX)
		return report(b, e->start_mark, too_deep);
	node = new_node(b, kind, e->start_mark, is_map ? e->data.mapping_start.tag : e->data.sequence_start.tag);
	if (!node)
		return -ENOMEM;
	r = add_node(b, node, is_map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor);
	if (r < 0)
		return r;
	node->is_open = true;
	b->levels[b->depth++] = (struct level){ node, b->waiting_count };
	return 0;
}

static int close_level(struct builder *b)
{
	struct level *level = &b->levels[--b->depth];
	size_t count = b->waiting_count - level->base;
	struct node *node = level->node;

	node->is_open = false;
	node->count = (uint32_t)(node->kind == NODE_MAP ? count / 2 : count);
	node->children = arena_alloc_array(b->nodes, count, sizeof(struct node *));
	if (!node->children)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		node->children[i] = b->waiting[level->base + i];
		node->expanded += node->children[i]->expanded;
		if (node->height <= node->children[i]->height)
			node->height = node->children[i]->height + 1;
	}
	b->waiting_count = level->base;
	return 0;
}

/* Text is at most 16 MiB and each alias adds at most what is left of the limit, so that `expanded` never wraps. */
static int on_alias(struct builder *b, const yaml_event_t *e)
{
	struct node **cell = hashmap_get(&b->anchors, (const char *)e->data.alias.anchor);

	if (!cell)
		return report(b, e->start_mark, "the alias names an anchor that was not defined before it");
	if ((*cell)->is_open)
		return report(b, e->start_mark, "the alias stands inside its own anchor");
	if (b->depth + (*cell)->height > SPEC_DEPTH_MAX)
		return report(b, e->start_mark, too_deep);
	b->aliased += (*cell)->expanded;
	if (b->aliased > NODE_EXPANSION_MAX)
		return report(b, e->start_mark, "aliases blow this text up to more than 1000000 values");
	return append(b, *cell);
}

static int on_event(struct builder *b, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->is_over)
			return report(b, e->start_mark, "a second document begins here (a spec is one document)");
		return 0;
	case YAML_DOCUMENT_END_EVENT:
		b->is_over = true;
		return 0;
	case YAML_ALIAS_EVENT:
		return on_alias(b, e);
	case YAML_SCALAR_EVENT:
		return on_scalar(b, e);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(b, e, NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return open_level(b, e, NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_level(b);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
		return 0;
	}
	return 0;
}

/* The reader tells an offset only: the line is counted. */
static yaml_mark_t mark_of_offset(const char *text, size_t offset)
{
	yaml_mark_t at = { 0 };

	for (size_t i = 0; i < offset; i++) {
		at.column++;
		if (text[i] == '\n')
			at = (yaml_mark_t){ .line = at.line + 1 };
	}
	return at;
}

static int report_parser(struct builder *b, const yaml_parser_t *parser, const char *text, size_t len)
{
	yaml_mark_t at = parser->problem_mark;
	char message[200];
	size_t n;

	/* libyaml 0.2.5 says what is wrong with a text; a failure of which it says nothing is memory's. */
	if (parser->error == YAML_MEMORY_ERROR || !parser->problem)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR)
		at = mark_of_offset(text, parser->problem_offset < len ? parser->problem_offset : len);
	n = (size_t)snprintf(message, sizeof(message), "%s%s%s", parser->problem, parser->context ? ", " : "",
			     parser->context ? parser->context : "");
	if (parser->error == YAML_SCANNER_ERROR && parser->mark.index < len && text[parser->mark.index] == '\t' &&
	    n < sizeof(message))
		snprintf(message + n, sizeof(message) - n, " (indent with spaces, not with tabs)");
	return report(b, at, message);
}

static int read_events(struct builder *b, yaml_parser_t *parser, const char *text, size_t len)
{
	for (;;) {
		yaml_event_t event;
		bool is_end;
		int r;

		if (!yaml_parser_parse(parser, &event))
			return report_parser(b, parser, text, len);
		is_end = event.type == YAML_STREAM_END_EVENT;
		r = on_event(b, &event);
		yaml_event_delete(&event);
		if (r < 0 || is_end)
			return r;
	}
}

static int check_text(const char *text, size_t len, struct spec_problems *problems)
{
	const char *wrong = NULL;
	int r;

	if (len > SPEC_TEXT_MAX)
		wrong = "the text is longer than 16 MiB";
	else if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		wrong = "the text begins with a byte-order mark (save it as UTF-8 without one)";
	if (!wrong)
		return 0;
	r = spec_problems_add(problems, SPEC_ERROR, 1, 1, "", "%s", wrong);
	return r < 0 ? r : -EINVAL;
}

int node_read(struct arena *nodes, struct arena *texts, const char *text, size_t len, struct spec_problems *problems,
	      struct node **ret)
{
	struct builder b = { .nodes = nodes, .texts = texts, .problems = problems };
	yaml_parser_t parser;
	int r = check_text(text, len, problems);

	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	r = read_events(&b, &parser, text, len);
	yaml_parser_delete(&parser);
	free(b.waiting);
	hashmap_done(&b.anchors);
	if (r == 0)
		*ret = b.root;
	return r;
}

bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->is_plain && node->count == 0;
}

bool node_is_null(const struct node *node)
{
	if (node->kind != NODE_SCALAR || !node->is_plain)
		return false;
	if (node->tag)
		return strcmp(node->tag, NULL_TAG) == 0 && scalar_is_null(node->text);
	return node->count == 0 || scalar_is_null(node->text);
}

const struct node *node_member(const struct node *node, const char *key)
{
	if (node->kind != NODE_MAP)
		return NULL;
	for (uint32_t i = 0; i < node->count; i++)
		if (node->children[2 * i]->kind == NODE_SCALAR && strcmp(node->children[2 * i]->text, key) == 0)
			return node->children[2 * i + 1];
	return NULL;
}

const char *node_local_tag(const struct node *node)
{
	if (!node->tag || node->tag[0] != '!')
		return NULL;
	return node->tag[1] ? node->tag + 1 : node->tag;
}
