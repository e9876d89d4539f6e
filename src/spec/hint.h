/* hint.h - what people write instead of what the format has, and what they meant. */
#pragma once
#include <stddef.h>

#include "spec/node.h"
#include "spec/schema.h"

/* For an unknown key of a structure: a sentence, or NULL. */
const char *hint_for_key(const char *structure, const char *key);

/* For a value of another shape than `structure` or the type of `field` wants: a sentence, or NULL. */
const char *hint_for_shape(const char *name, const struct node *node);

/* For a word that is none of the list: the one that was meant, or NULL. A sentence of its own beats a near word. */
const char *hint_for_word(const struct word_list *words, const char *text);

/* The nearest key of a structure, or NULL. */
const char *hint_near_key(const struct schema *schema, const char *key);
