/* The state of a network's training: everything between its options and its first epoch. */
#ifndef TRAIN_NETWORK_RUN_H
#define TRAIN_NETWORK_RUN_H

#include "base/digest.h"
#include "metrics/keras_metrics.h"
#include "model/trained_network.h"
#include "network/scorer.h"
#include "train/encoder_trainer.h"
#include "train/fine_tuning.h"
#include "train/mean_weights.h"
#include "train/schedule.h"
#include "train/trainer.h"
#include "train/training_states.h"

enum { SCORED_ROWS = 500 };

/* How far a training is, besides its weights: with these it goes on from there (checkpoint.h). */
typedef struct run_state {
    unsigned epoch;      /* from 1 */
    uint32_t first;      /* the next row of the epoch's order */
    keras_counts counts; /* of the epoch's rows before it */
    double best_loss;
    char ending[80]; /* why training ends before its last epoch; empty: it goes on */
    unsigned waited, halvings, broken_steps;
    unsigned broken_epochs; /* in a row, without a finite validation loss */
} run_state;

typedef struct network_run {
    const training_data *data;
    const heed_train_options *options;
    training_progress progress;
    training_result *result;
    trained_network *trained; /* of the result; its weights are those of the epoch kept so far */
    pool *workers;
    trainer *trainer;
    scorer *scorer;
    batch_row *rows; /* [max(batch size, SCORED_ROWS)] */
    training_states states;
    fine_tuning tuning;       /* of an encoder that learns, */
    encoder_trainer *encoder; /* here; NULL: there is none */
    float *probability;       /* [the same][outputs] */
    float *target;            /* [outputs]: zeros between uses */
    uint32_t *order;          /* [training rows]: this epoch's */
    mean_weights mean;
    const real *judged; /* the weights that the epoch is judged by: those after its last step, or their mean */
    schedule plan;
    run_state state;
    char checkpoint[DIGEST_DIGITS]; /* the name of its file, without its ending */
    stopwatch saved;                /* since it was written */
} network_run;

/* Makes the network and all that its training needs, with its first weights, and tells of it. t has data, options,
 * progress and result. Release t in any case. */
heed_status network_run_prepare(network_run *t, heed_error *error);
void network_run_release(network_run *t);

#endif
