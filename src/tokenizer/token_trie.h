/* Byte strings with a number each, and the longest of them that a text begins with. The time depends on the text and on
 * the longest string, whatever the strings are. */
#ifndef TOKENIZER_TOKEN_TRIE_H
#define TOKENIZER_TOKEN_TRIE_H

#include <string.h>

#include "heed.h"

#define TRIE_NONE UINT32_MAX

/* The children of a node are nodes first ... first + count - 1, in the order of their bytes. */
typedef struct trie_node {
    uint32_t first, value;
    uint16_t count;
} trie_node;

typedef struct token_trie {
    trie_node *nodes; /* [count]; the first one is the root; NULL: no strings */
    uint8_t *bytes;   /* [count]: by which a node is reached from its parent */
    uint32_t count;
} token_trie;

typedef struct trie_entry {
    heed_bytes text;
    uint32_t value; /* not TRIE_NONE */
    uint32_t rank;
} trie_entry;

/* Sorts the entries. Of entries with the same text the one with the smallest rank counts; empty texts are not found.
 */
heed_status token_trie_build(token_trie *out, trie_entry *entries, size_t count, heed_error *error);
void token_trie_release(token_trie *trie);

/* The node that a byte leads to; TRIE_NONE: none. node: of the trie. */
static inline uint32_t token_trie_step(const token_trie *trie, uint32_t node, char byte)
{
    const trie_node *n = &trie->nodes[node];
    const uint8_t *children = trie->bytes + n->first;
    const uint8_t *found = n->count == 0 ? NULL : (const uint8_t *)memchr(children, (unsigned char)byte, n->count);
    return found == NULL ? TRIE_NONE : n->first + (uint32_t)(found - children);
}

/* The longest string below this node that the text begins with: its value, and its size below the node; TRIE_NONE and 0
 * if there is none. node: TRIE_NONE, or of the trie. */
static inline uint32_t token_trie_longest(const token_trie *trie, uint32_t node, heed_bytes text, size_t *size)
{
    uint32_t value = TRIE_NONE;
    *size = 0;
    for (size_t i = 0; i < text.size && node != TRIE_NONE; i++) {
        node = token_trie_step(trie, node, text.data[i]);
        if (node != TRIE_NONE && trie->nodes[node].value != TRIE_NONE) {
            value = trie->nodes[node].value;
            *size = i + 1;
        }
    }
    return value;
}

/* The node that these bytes lead to from the root; TRIE_NONE: none. */
uint32_t token_trie_node(const token_trie *trie, heed_bytes text);

#endif
