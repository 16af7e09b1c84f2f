/* One training step: the gradient of a batch, and the optimiser's move.
 *
 * The batch's chunks run on a pool of threads. A lane is a fixed set of chunks with its own block of gradients. Lanes
 * are summed in their order, and gradients of equal tokens in the order of the batch, so that the bits do not depend on
 * the number of threads. A step allocates nothing. */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "base/pool.h"
#include "network/batch.h"
#include "train/optimizer.h"

typedef struct trainer trainer;

typedef struct trainer_options {
    int batch_rows; /* at most, of a batch */
    uint64_t seed;  /* of initial weights and dropout */
    optimizer_options optimizer;
    int lazy_steps; /* how many steps a row of the embedding may miss (train/lazy_rows.h); 0: by its size */
} trainer_options;

/* Starts with the network's initial weights. net and workers are borrowed. */
heed_status trainer_new(trainer **out, const network *net, pool *workers, const trainer_options *options,
                        heed_error *error);
void trainer_free(trainer *t);

/* The weights [net->weight_count] after all steps so far. Rows of the embedding take the steps here that they missed,
 * so call it again after a step. May be overwritten between steps; then call trainer_restart. */
real *trainer_weights(trainer *t);
/* Forgets the moments and the number of steps; keeps the weights. */
void trainer_restart(trainer *t);

/* All that its steps so far have left; borrowed until the next one. Numbers of steps: of the weights, and of the
 * embedding. After the arrays were overwritten, trainer_continue goes on as the trainer that they are of. */
typedef struct trainer_state {
    moved_weights moved;
    uint64_t steps, embedding_steps;
} trainer_state;
trainer_state trainer_state_of(trainer *t);
void trainer_continue(trainer *t, uint64_t steps, uint64_t embedding_steps);

/* Label smoothing and class weights of all batches from now on, as batch_shape_loss. */
void trainer_shape_loss(trainer *t, double smoothing, const double *class_weight);
/* The gradient of a batch's mean loss. *loss: the sum of the rows' losses. probability [count][K] or NULL. */
void trainer_gradient(trainer *t, const batch_row *rows, int count, uint32_t epoch, double *loss, real *probability);
/* Writes the last gradient into out[net->weight_count], the embedding's rows as one matrix. */
void trainer_copy_gradient(const trainer *t, real *out);
/* |g|^2 of weights that others move in the same step: it counts when the gradient is clipped. For the last gradient
 * only.
 */
void trainer_add_norm(trainer *t, double square);
/* |g|^2 of all that the next step moves. */
double trainer_square_norm(const trainer *t);
/* Whether the last loss and gradient are finite numbers. */
bool trainer_finite(const trainer *t);
/* The optimiser's step with the last gradient, which is clipped first. */
void trainer_update(trainer *t, double learning_rate);
/* While frozen, the embedding is not updated and is not part of the gradient's norm; its moments start afterwards. */
void trainer_freeze(trainer *t, bool frozen);

#endif
