/* The rounds of a sum's training: every part is trained without some rows, and gives their logits. */
#ifndef TRAIN_SUM_ROUNDS_H
#define TRAIN_SUM_ROUNDS_H

#include "data/inner_split.h"
#include "model/sum_text.h"
#include "train/part_fit.h"
#include "train/sum_weights.h"

/* Up to so many training rows are all held out in turn, in 5 folds; of more a fifth is. */
enum { CROSSFIT_ROWS = 2000, HELD_FOLDS = 5 };

typedef struct sum_rounds {
    const training_context *context;
    uint32_t parts;
    const part_order *orders; /* [parts] */
    const examples *held;     /* the rows that may be held out: those that validate, or if there are none, that train */
    size_t outputs;           /* K */
    bool *found;              /* [held->count]: which were held out */
    double *z[MOST_PARTS];    /* [held->count][K]: their logits by each part */
    double *unknown_z[MOST_PARTS]; /* [rows with unknown labels][K]: the same of them */
    part_fit fits[MOST_PARTS];     /* of the last round */
    unsigned kept[MOST_PARTS];     /* the sum over the rounds of the epochs kept */
    unsigned rounds;
    uint32_t *place; /* [rows of the corpus]: their numbers in held */
} sum_rounds;

/* HEED_STOPPED: by the listener, before every part had a model. Release out in any case. */
heed_status sum_rounds_run(sum_rounds *out, const training_context *context, const part_order *orders, uint32_t parts,
                           heed_error *error);
void sum_rounds_release(sum_rounds *r);

#endif
