/* The picture of a training. */
#ifndef DRAW_PICTURES_TRAINING_H
#define DRAW_PICTURES_TRAINING_H

#include "base/writer.h"

/* The metrics of each epoch; if the validation loss is NaN there was no validation. */
typedef struct training_history {
    const heed_keras_metrics *train, *validation; /* [epochs] */
    unsigned epochs, kept;                        /* kept: from 1; 0: none */
    bool held_out;                                /* validation is of training rows that a cross-fit held out */
} training_history;

/* As heed_model_picture. */
void picture_training(writer *out, const training_history *history);

#endif
