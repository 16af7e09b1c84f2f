/* One training step: the gradient of a batch, and the optimiser's move.
 *
 * The batch's chunks run on a pool of threads. Each lane of chunks adds into its own block of gradients, the lanes are
 * summed in their order, and the gradients of equal tokens are summed in the order of the batch: the bits do not depend
 * on the number of threads. A step allocates nothing. */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "base/pool.h"
#include "network/batch.h"
#include "train/optimizer.h"

typedef struct trainer trainer;

typedef struct trainer_options {
    int batch_rows; /* the most of a batch */
    uint64_t seed;  /* of initial weights and dropout */
    optimizer_options optimizer;
    int lazy_steps; /* most steps that rows of the embedding may take late (train/lazy_rows.h); 0: by its size */
} trainer_options;

/* Weights start as the network's initial ones. net and workers are borrowed. */
heed_status trainer_new(trainer **out, const network *net, pool *workers, const trainer_options *options,
                        heed_error *error);
void trainer_free(trainer *t);

/* The block of weights, [net->weight_count], as all steps so far leave it: rows of the embedding that no batch touched
 * take their steps here, so call it again after a step. May be overwritten between steps (trainer_restart then). */
real *trainer_weights(trainer *t);
/* Forgets the moments and the number of steps, and takes the weights as they are now. */
void trainer_restart(trainer *t);

/* Label smoothing and class weights of the batches from now on, as batch_shape_loss. */
void trainer_shape_loss(trainer *t, double smoothing, const double *class_weight);
/* The gradient of a batch's mean loss. *loss: the sum of its rows' losses. probability [count][K] or NULL. */
void trainer_gradient(trainer *t, const batch_row *rows, int count, uint32_t epoch, double *loss, real *probability);
/* Writes the last gradient into out[net->weight_count], the embedding's rows as one matrix. */
void trainer_copy_gradient(const trainer *t, real *out);
/* Whether the last loss and gradient are finite numbers. */
bool trainer_finite(const trainer *t);
/* The optimiser's step with the last gradient, which is shortened first where clip_norm asks for it. */
void trainer_update(trainer *t, double learning_rate);
/* While frozen, updates do not touch the embedding, and the gradient's norm does without it; its moments begin when it
 * thaws. */
void trainer_freeze(trainer *t, bool frozen);

#endif
