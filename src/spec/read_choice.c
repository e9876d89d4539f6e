/* read_choice.c - words and what a YAML tag may choose: `spread`, `!pin "id=2"`, `!bridge {name: x}`. */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "spec/hint.h"
#include "spec/reader.h"
#include "spec/spec.h"

static int find_word(const struct word_list *words, const char *text)
{
	for (size_t i = 1; i < words->count; i++)
		if (strcmp(words->words[i].text, text) == 0)
			return (int)i;
	return 0;
}

void reader_list_words(struct reader *r, const struct word_list *words, struct strbuf *out)
{
	for (size_t i = 1; i < words->count; i++)
		strbuf_addf(out, "%s%s", i > 1 ? ", " : "", words->words[i].text);
	if (strbuf_status(out) < 0)
		r->out_of_memory = true;
}

static void report_word(struct reader *r, const struct word_list *words, const struct node *node, const char *text,
			const struct path *path)
{
	const char *meant = hint_for_word(words, text);
	AUTO_DONE(strbuf) all = { 0 };

	if (meant) {
		reader_report(r, SPEC_ERROR, node, path, "unknown word `%.60s` (did you mean `%s`?)", text, meant);
		return;
	}
	reader_list_words(r, words, &all);
	if (strbuf_status(&all) < 0)
		r->out_of_memory = true;
	reader_report(r, SPEC_ERROR, node, path, "unknown word `%.60s` (%s)", text, strbuf_peek(&all));
}

/* `rtype: !job` is `rtype: job`; a tag and a word together are neither. */
static const char *chosen_word(struct reader *r, const struct node *node, const struct path *path)
{
	const char *tag = node_local_tag(node);

	if (node->kind != NODE_SCALAR) {
		reader_expected(r, node, path, "a word", path->key);
		return NULL;
	}
	if (r->strict)
		return read_text(r, node, path);
	if (tag && !(node_is_empty(node) || (node->is_plain && strcmp(node->text, "~") == 0) ||
		     (node->is_plain && strcmp(node->text, "null") == 0))) {
		reader_report(r, SPEC_ERROR, node, path, "`!%.60s` takes no value", tag);
		return NULL;
	}
	return tag ? tag : node->text;
}

bool read_word(struct reader *r, const struct word_list *words, const struct node *node, int *ret,
	       const struct path *path)
{
	const char *text = chosen_word(r, node, path);

	if (!text)
		return false;
	*ret = find_word(words, text);
	if (*ret == 0)
		report_word(r, words, node, text, path);
	return *ret != 0;
}

static const struct word affinity_words[] = { { "" }, { "spread" }, { "pack" } };
static const struct word_list affinities = { affinity_words, 3 };

bool read_affinity(struct reader *r, const struct node *node, void *member, const struct path *path)
{
	struct spec_affinity *affinity = member;
	const char *tag = node_local_tag(node);
	int kind;

	if (node->kind == NODE_SCALAR && tag && strcmp(tag, "pin") == 0) {
		*affinity = (struct spec_affinity){ SPEC_AFFINITY_PIN, node->text };
		return true;
	}
	if (node->kind != NODE_SCALAR || (!tag && strcmp(node->text, "pin") == 0)) {
		reader_expected(r, node, path, "spread, pack or !pin SELECTOR (affinity: !pin \"id=2\")", NULL);
		return false;
	}
	if (!read_word(r, &affinities, node, &kind, path))
		return false;
	affinity->kind = (enum spec_affinity_kind)kind;
	return true;
}

static const struct word network_words[] = { { "" }, { "default" }, { "host" }, { "none" }, { "bridge" } };
static const struct word_list networks = { network_words, 5 };

/* !bridge {name: x} and !container {id: x}; other keys are dropped. */
static bool read_tagged_network(struct reader *r, const struct node *node, bool is_bridge,
				struct spec_network_mode *ret, const struct path *path)
{
	const char *key = is_bridge ? "name" : "id";
	const struct node *value = node_member(node, key);
	struct path at = { path, key, 0 };

	if (node->kind != NODE_MAP || (!value && !is_bridge)) {
		reader_expected(r, node, path, is_bridge ? "a map ({name: NETWORK})" : "a map ({id: CONTAINER})", NULL);
		return false;
	}
	*ret = (struct spec_network_mode){ is_bridge ? SPEC_NETWORK_BRIDGE : SPEC_NETWORK_CONTAINER, NULL };
	if (!value || (is_bridge && node_is_null(value)))
		return true;
	r->strict++;
	ret->name = read_text(r, value, &at);
	r->strict--;
	return ret->name != NULL;
}

static bool read_network_text(struct reader *r, const struct node *node, const char *text,
			      struct spec_network_mode *ret, const struct path *path)
{
	bool is_container = text_starts_with(text, "container:");
	int kind;

	if (text_starts_with(text, "bridge:")) {
		*ret = (struct spec_network_mode){ SPEC_NETWORK_BRIDGE, text[7] ? text + 7 : NULL };
		return true;
	}
	if (is_container && text[10]) {
		*ret = (struct spec_network_mode){ SPEC_NETWORK_CONTAINER, text + 10 };
		return true;
	}
	kind = find_word(&networks, text);
	if (kind == 0) {
		reader_report(r, SPEC_ERROR, node, path,
			      "unknown network mode `%.60s` (default, host, none, bridge, bridge:NAME, container:ID)",
			      text);
		return false;
	}
	ret->kind = (enum spec_network_kind)(kind - 1);
	return true;
}

bool read_network_mode(struct reader *r, const struct node *node, void *member, const struct path *path)
{
	const char *tag = node_local_tag(node), *text;
	int kind;

	if (tag && (strcmp(tag, "bridge") == 0 || strcmp(tag, "container") == 0))
		return read_tagged_network(r, node, tag[0] == 'b', member, path);
	if (tag) {
		if (!read_word(r, &networks, node, &kind, path))
			return false;
		((struct spec_network_mode *)member)->kind = (enum spec_network_kind)(kind - 1);
		return true;
	}
	r->strict++;
	text = read_text(r, node, path);
	r->strict--;
	return text && read_network_text(r, node, text, member, path);
}
