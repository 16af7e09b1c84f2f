/* An explanation: what a text was read as, and what each token did. */
#ifndef EXPLAIN_EXPLANATION_H
#define EXPLAIN_EXPLANATION_H

#include "explain/attribution.h"
#include "explain/token_map.h"

struct heed_explanation {
    heed_explanation_info info; /* points into what follows */
    char *text;
    heed_segment *segments;
    heed_explained_token *tokens;
    uint32_t *ids;        /* [tokens] */
    char *words;          /* bytes of the segments' words */
    float *probabilities; /* [labels] */
};

/* From a text and its reading, without scores: method, label and sums are filled in by the caller. */
heed_status explanation_new(heed_explanation **out, const heed_model *model, const token_map *r, heed_bytes text,
                            heed_error *error);
/* Sums the tokens' scores up into those of the segments. */
void explanation_sum(heed_explanation *e);
/* Scores of both become differences to those of the tokens aligned with them. HEED_BAD_DATA if what differs between
 * the texts is too long. */
heed_status explanation_align(heed_explanation *a, heed_explanation *b, heed_error *error);

#endif
