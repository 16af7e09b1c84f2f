/* A model's labels: the one answered, the likeliest ones, the one of a name. */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include "heed.h"

typedef struct labels {
    const char *const *names;
    size_t count;
    size_t positive;  /* of two; count where there are more */
    double threshold; /* of the positive one of two */
} labels;

/* HEED_USAGE for a threshold that was named though the model has more than two labels. */
heed_status labels_init(labels *l, const heed_model *model, double threshold, bool named, heed_error *error);
/* The label answered: by the threshold of two labels, else the likeliest (the first of equals). */
size_t labels_choose(const labels *l, const float *probabilities);
/* The label answered and then the others, likeliest first: `most` of them into ranks. */
void labels_rank(size_t *ranks, size_t most, const labels *l, const float *probabilities);
/* count where there is none of this name. */
size_t labels_find(const labels *l, heed_bytes name);

#endif
