/* node.h - a YAML text as a tree with places, built from libyaml's events; aliases are the nodes that they name.
 *
 * The tree and the texts of its scalars live in arenas of the caller's, apart, so that the texts can outlive it. It is
 * a directed graph without cycles: an alias inside its own anchor, more than NODE_MAX nodes, more than
 * NODE_EXPANSION_MAX by way of aliases and more than SPEC_DEPTH_MAX levels are refused.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spec/arena.h"
#include "spec/problem.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	bool is_plain;   /* a scalar without quotes, not a block */
	bool is_literal; /* a | block */
	bool is_open;    /* its end was not read yet */
	unsigned line, column;
	uint32_t count;    /* bytes of the text, items, or pairs */
	uint32_t expanded; /* nodes under it, itself included, an alias counted as what it names */
	uint32_t height;   /* levels under it, itself included; aliases followed */
	const char *tag;   /* as resolved by libyaml: "!pin", "tag:yaml.org,2002:int"; NULL where none was written */
	union {
		const char *text;
		struct node **children; /* a map's: key, value, key, value */
	};
};

/* The root of the only document, NULL for a text without one. -EINVAL with a problem added when the text is no YAML,
 * holds two documents or passes a limit; -ENOMEM when memory ran out. */
int node_read(struct arena *nodes, struct arena *texts, const char *text, size_t len, struct spec_problems *problems,
	      struct node **ret);

/* A plain scalar of no characters: what stands behind "key:". */
bool node_is_empty(const struct node *node);

/* An empty, null or ~ scalar without quotes or a tag of another type. */
bool node_is_null(const struct node *node);

/* The value under a key of a map, the first of several; NULL when it is no map or has none. */
const struct node *node_member(const struct node *node, const char *key);

/* "!pin" gives "pin": a local tag's name, NULL when the node has none. */
const char *node_local_tag(const struct node *node);
