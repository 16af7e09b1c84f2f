/* An explanation: how a text was read, and the effect of each token. */
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
    char *problem;
    bool framed; /* info.padding is that of the tokens around the text, such as [CLS] */
};

/* From a text and its token map, without scores; the caller fills in method, label and sums. */
heed_status explanation_new(heed_explanation **out, const heed_model *model, const token_map *r, heed_bytes text,
                            heed_error *error);
/* Sums the scores of tokens into those of segments. */
void explanation_sum(heed_explanation *e);
/* Replaces the scores of both by differences from those of the aligned tokens. HEED_BAD_DATA if the differing parts of
 * the texts are too long. */
heed_status explanation_align(heed_explanation *a, heed_explanation *b, heed_error *error);

#endif
