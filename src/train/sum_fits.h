/* The parts of a sum, trained, and their logits of rows that they were not fitted on. */
#ifndef TRAIN_SUM_FITS_H
#define TRAIN_SUM_FITS_H

#include "data/inner_split.h"
#include "model/sum_text.h"
#include "train/part_fit.h"

/* Up to so many training rows are all held out from networks in turn, in CROSS_FIT_FOLDS folds; of more one fold is;
 * without networks it is of more than MANY_ROWS, and with an encoder that learns always. */
enum { HELD_IN_TURN = 2000, MANY_ROWS = 10000, MOST_FITS = MOST_PARTS + 2 };

typedef struct sum_fits {
    const training_context *context;
    part_order *orders; /* [parts]: of a sum, and of what it is compared with */
    uint32_t parts;
    part_fit fits[MOST_FITS];
    vocabulary words;             /* of all parts: those that a part spells first */
    const examples *held;         /* the rows that may be held out: those that validate, or if there are none, train */
    size_t outputs;               /* K */
    uint32_t *answered;           /* [held->count]: by so many parts */
    double *z[MOST_FITS];         /* [held->count][K]: their logits by each part */
    double *unknown_z[MOST_FITS]; /* [rows with unknown labels][K]: the same of them */
    uint32_t *place;              /* [rows of the corpus]: their numbers in held */
    uint32_t *fold;               /* [held->count]: the fold of each row, where training rows are held out */
    pool *workers;
} sum_fits;

/* Where rows validate, every part is trained without them. Else parts of a class that crossfits hold rows out by
 * themselves; a network is first trained without each fold, or one, then again on all rows, for as many epochs as it
 * was kept on the mean. HEED_STOPPED: by the listener, before every part had a model. Release out in any case. */
heed_status sum_fits_run(sum_fits *out, const training_context *context, part_order *orders, uint32_t parts,
                         heed_error *error);
void sum_fits_release(sum_fits *f);

#endif
