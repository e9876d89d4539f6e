/* plan_builder.h - writing a plan: texts and arrays go behind the head, whose members get their offsets. */
#pragma once
#include "base/strbuf.h"
#include "base/strv.h"
#include "launch/plan.h"

struct plan_builder {
	struct plan head; /* the maker sets its plain members */
	struct strbuf body;
};

void plan_builder_init(struct plan_builder *b);
void plan_builder_done(struct plan_builder *b); /* wipes: a plan may hold secrets */
DEFINE_AUTO_DONE(plan_builder)

/* Copies. A failure (out of memory) sticks; plan_builder_seal reports it. NULL text gives 0. */
plan_text plan_add_text(struct plan_builder *b, const char *text);
struct plan_array plan_add_texts(struct plan_builder *b, const struct strv *texts);
struct plan_array plan_add_array(struct plan_builder *b, const void *items, size_t count, size_t item_size);

/* The finished plan in a sealed memfd (the caller's), or negative errno. */
int plan_builder_seal(struct plan_builder *b);
