/* The sub-words of a text, and memory that a thread reuses for every text. */
#ifndef TOKENIZER_SUBWORDS_H
#define TOKENIZER_SUBWORDS_H

#include "tokenizer/tokenizer.h"

/* A token and where it came from: bytes [begin, end) of the text, whole characters, which several tokens may share.
 * Begins do not decrease. Special tokens that stand around a text have no bytes: before it both are 0, after it both
 * are its size. */
typedef struct subword {
    size_t begin, end;
    uint32_t id;
} subword;

typedef struct subwords subwords;

/* t is borrowed for as long as the list lives. */
heed_status subwords_new(subwords **out, const tokenizer *t, heed_error *error);
void subwords_free(subwords *list);

/* Replaces the tokens by those of a text. around: with the special tokens around them. longest: of more tokens than
 * this, those around included, the first are kept, and the rest of the text is not looked at; 0: all. HEED_USAGE:
 * longest is less than tokenizer_around. HEED_BAD_DATA: the text is not UTF-8. HEED_FAILED: memory. After a failure the
 * list is empty. */
heed_status subwords_find(subwords *list, heed_bytes text, size_t longest, bool around, heed_error *error);
/* Borrowed until the next call. */
const subword *subwords_items(const subwords *list, size_t *count);
/* Whether the last text had more tokens than `longest` allows. */
bool subwords_were_cut(const subwords *list);

#endif
