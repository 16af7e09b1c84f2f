/* The one rule that decides which labels a model predicts, given their probabilities. */
#ifndef METRICS_ANSWER_H
#define METRICS_ANSWER_H

#include "heed.h"

typedef struct answer_rule {
    heed_task task;
    size_t labels;
    size_t positive; /* of two labels (HEED_TASK_BINARY); else not used */
    const double
        *thresholds; /* of two labels [1], of the positive one; with several labels per row [labels]; else not used */
} answer_rule;

/* Whether this label of several per row is predicted: if its probability is greater than its threshold. */
static inline bool answer_has(const answer_rule *rule, const float *probabilities, size_t label)
{
    return (double)probabilities[label] > rule->thresholds[label];
}

/* The largest, the first of equals. */
static inline size_t answer_likeliest(const float *probabilities, size_t labels)
{
    size_t best = 0;
    for (size_t i = 1; i < labels; i++)
        if (probabilities[i] > probabilities[best])
            best = i;
    return best;
}

/* The one predicted label: of two the positive one if its probability is greater than its threshold, else the most
 * likely, the first of equals (also with several labels per row, if one is asked for). */
size_t answer_one(const answer_rule *rule, const float *probabilities);
/* All predicted labels, most likely first, ties by number, into out [labels]; returns how many: one, or with several
 * labels per row any number. */
size_t answer_choose(size_t *out, const answer_rule *rule, const float *probabilities);
/* The one predicted label and then the others, most likely first: `most` of them, at most labels, into out. */
void answer_rank(size_t *out, size_t most, const answer_rule *rule, const float *probabilities);

#endif
