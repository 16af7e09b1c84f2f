/* The text of a sum: the architectures of its parts, separated by ';'. */
#ifndef MODEL_SUM_TEXT_H
#define MODEL_SUM_TEXT_H

#include "heed.h"

enum { MOST_PARTS = 16 };

typedef struct sum_text {
    char *text[MOST_PARTS]; /* canonical */
    uint32_t count;
} sum_text;

/* HEED_USAGE for an empty part, too many, and what the class of a part refuses. Release it in any case. */
heed_status sum_text_parse(sum_text *out, const char *text, heed_error *error);
void sum_text_release(sum_text *t);
/* Whether a part reads words: not all are encoders. */
bool sum_text_reads_words(const sum_text *t);
/* "wide C 3 ; embed 8 | max"; free() releases it. */
heed_status sum_text_join(char **out, const char *const *parts, uint32_t count, heed_error *error);

#endif
