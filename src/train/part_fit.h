/* One part of a sum, trained on some rows, and what it says of others. */
#ifndef TRAIN_PART_FIT_H
#define TRAIN_PART_FIT_H

#include "train/training_class.h"

/* What to train, and for whom; borrowed. */
typedef struct part_order {
    const training_class *class;
    heed_train_options options; /* those of the sum, as far as the part has them, with its own architecture */
    training_context context;   /* of each of its trainings: without data, corpus and options; a listener is there */
    uint32_t number, parts;     /* number `number` of so many, from 1; 0: it is not one of them */
} part_order;

/* The options of a part with this canonical architecture; start is the model of its kind to start from, or NULL. */
void part_order_init(part_order *out, const heed_train_options *options, const char *architecture,
                     const heed_model *start);

typedef struct part_fit {
    training_data data;
    heed_model *model; /* without thresholds */
    pretrained pretrained;
    unsigned frozen_epochs;
    bool mean_kept; /* as in training_result */
    held_out held;  /* where the part crossfits */
    bool stopped;   /* by the listener, after at least one epoch */
} part_fit;

/* Trains on a split of the corpus; words as in training_data_make. HEED_STOPPED: before there was a model. Release out
 * in any case. */
heed_status part_fit_run(part_fit *out, const part_order *order, const heed_corpus *corpus, const split *parts,
                         const vocabulary *words, heed_error *error);
void part_fit_release(part_fit *f);

#endif
