/* The one rule that decides what a model answers, given the probabilities of its labels. */
#ifndef METRICS_ANSWER_H
#define METRICS_ANSWER_H

#include "heed.h"

typedef struct answer_rule {
    heed_task task;
    size_t labels;
    size_t positive; /* of two labels (HEED_TASK_BINARY); else not used */
    const double
        *thresholds; /* of two labels [1], of the positive one; of several labels a row [labels]; else not used */
} answer_rule;

/* Whether this label of several a row is answered: if its probability is greater than its threshold. */
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

/* The one label answered: of two the positive one if its probability is greater than its threshold, else the
 * likeliest, the first of equals (also of several labels a row, if one is asked for). */
size_t answer_one(const answer_rule *rule, const float *probabilities);
/* All labels answered, likeliest first, the first of equals, into out [labels]; returns how many: one, but of several
 * labels a row any number. */
size_t answer_choose(size_t *out, const answer_rule *rule, const float *probabilities);
/* The one label answered and then the others, likeliest first: `most` of them, at most labels, into out. */
void answer_rank(size_t *out, size_t most, const answer_rule *rule, const float *probabilities);

#endif
