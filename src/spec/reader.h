/* reader.h - from a tree of nodes to structures: what the parts of the reader share. Nothing outside spec/ needs it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "spec/arena.h"
#include "spec/node.h"
#include "spec/problem.h"
#include "spec/schema.h"

/* Where the reader is, innermost first; lives on the stack. */
struct path {
	const struct path *parent; /* NULL at the document */
	const char *key;           /* NULL for an item of a list */
	size_t index;
};

struct reader {
	struct arena *arena; /* of the deployment */
	struct spec_problems *problems;
	bool out_of_memory; /* sticks; the rest of the reading goes on without effect */

	/* Inside a structure that a word chooses (storage, scale, check), scalars are typed before they are assigned: a
	 * number where a text is wanted is wrong there. */
	unsigned strict;

	/* Inside something that is reported as not in effect as a whole: its fields are not told one by one. */
	unsigned quiet;

	/* Inside a replica group, whose cpu and memory the format does not check, or an external, whose tunnels it does
	 * not: what is wrong with them is a flaw. */
	unsigned lenient;

	/* The nodes of deployment.services, in the order of its items. */
	const struct node **service_nodes;
};

__attribute__((format(printf, 5, 6))) void reader_report(struct reader *r, enum spec_severity severity,
							 const struct node *node, const struct path *path,
							 const char *fmt, ...);

/* "expected <what>, found <node>", with the hint that hint.h has for what people write there. */
void reader_expected(struct reader *r, const struct node *node, const struct path *path, const char *what,
		     const char *hint_name);

/* The words of a list, joined: "tcp, udp". */
void reader_list_words(struct reader *r, const struct word_list *words, struct strbuf *out);

/* Memory of the deployment; NULL when it is out, which is remembered. */
void *reader_alloc(struct reader *r, size_t count, size_t size);

/* Reads a value into zeroed memory. False when it was wrong (reported), or memory ran out. */
bool read_value(struct reader *r, const struct field *field, const struct node *node, void *member,
		const struct path *path);
bool read_structure(struct reader *r, const struct schema *schema, const struct node *node, void *object,
		    const struct path *path);

/* read_scalar.c: the types that one scalar gives. */
bool read_scalar(struct reader *r, const struct field *field, const struct node *node, void *member,
		 const struct path *path);

/* The text of a scalar where a text is wanted; NULL when it is wrong (reported). */
const char *read_text(struct reader *r, const struct node *node, const struct path *path);

/* Where null means "not given". */
bool field_is_optional(const struct field *field);

/* read_choice.c: words, affinity, network mode: scalars that a tag may choose. */
bool read_word(struct reader *r, const struct word_list *words, const struct node *node, int *ret,
	       const struct path *path);
bool read_affinity(struct reader *r, const struct node *node, void *member, const struct path *path);
bool read_network_mode(struct reader *r, const struct node *node, void *member, const struct path *path);

/* read_values.c: free values. */
bool read_values(struct reader *r, const struct node *node, void *member, const struct path *path);

/* For a map with free names, of which the last of two equal ones counts: where pair i goes among the distinct names, in
 * the order of their first appearance; *ret_count is their number. SIZE_MAX for a name that is no scalar (reported); a
 * repeated name is warned of. Yours to free; NULL when memory ran out. */
size_t *reader_slots(struct reader *r, const struct node *map, size_t *ret_count, const struct path *path);
