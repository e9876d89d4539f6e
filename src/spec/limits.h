/* limits.h - how much of a text is looked at. */
#pragma once

#define SPEC_TEXT_MAX (16UL << 20)   /* bytes */
#define SPEC_DEPTH_MAX 128           /* nested lists and maps, aliases followed */
#define NODE_MAX 2000000UL           /* values written in the text */
#define NODE_EXPANSION_MAX 1000000UL /* values added by way of aliases */
