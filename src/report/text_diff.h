/* Which words two texts have in common, in their order. */
#ifndef REPORT_TEXT_DIFF_H
#define REPORT_TEXT_DIFF_H

#include "heed.h"

/* A word, with the white space before it: letters and digits in a row, or any other character; of scripts without
 * spaces each character. */
typedef struct diff_word {
    size_t space, begin, end; /* bytes of the text: white space [space, begin), the word [begin, end) */
    bool same;                /* it is in the other text, too */
} diff_word;

typedef struct text_diff {
    diff_word *words[2]; /* of each text */
    size_t count[2];
} text_diff;

/* The longest common subsequence of the words. What is left between the words that both texts begin and end with is
 * different as a whole if it is more than 2,000 words of each. Release out in any case. */
heed_status text_diff_make(text_diff *out, heed_bytes one, heed_bytes other, heed_error *error);
void text_diff_release(text_diff *d);

#endif
