/* The sample of rows in which words are counted: each row has a random place, and the rows with the smallest places are
 * taken, however many rows there are. */
#ifndef REPORT_REPORT_SAMPLE_H
#define REPORT_REPORT_SAMPLE_H

#include "report/token_words.h"

enum { REPORT_SAMPLE = 2000 };

typedef struct sampled_row {
    uint64_t place; /* a random number, and the row's own below it */
    encoded_text text;
    token_words words; /* of its tokens, numbered by the sample's table; not found for models that read only words */
    uint32_t label;
} sampled_row;

typedef struct row_sample {
    sampled_row rows[2 * REPORT_SAMPLE]; /* [count] */
    size_t count;
    uint64_t limit; /* rows with this place or a larger one are not taken */
    uint64_t seed;
    intern words; /* of all rows that were taken */
} row_sample;

heed_status row_sample_init(row_sample *s, uint64_t seed, heed_error *error);
void row_sample_release(row_sample *s);
/* The place of a row, from 0. */
uint64_t row_sample_place(const row_sample *s, uint32_t row);
/* Takes a row whose place is below the limit, its text and its words, which are renumbered, in any case. HEED_FAILED
 * without memory. */
heed_status row_sample_take(row_sample *s, sampled_row row, heed_error *error);
/* Keeps the REPORT_SAMPLE rows with the smallest places, in this order. */
void row_sample_trim(row_sample *s);

#endif
