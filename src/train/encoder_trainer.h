/* An encoder that learns with the network on its states: texts become states, their gradients become those of its
 * weights, and AdamW moves these (optimizer.c). The word embeddings stay as they are.
 *
 * A step allocates nothing, and its bits do not depend on the number of threads. E: the encoder's width. */
#ifndef TRAIN_ENCODER_TRAINER_H
#define TRAIN_ENCODER_TRAINER_H

#include "base/pool.h"
#include "encoder/encoder_pass.h"
#include "features/shared_encoder.h"
#include "network/batch.h"
#include "train/optimizer.h"

typedef struct encoder_trainer encoder_trainer;

typedef struct encoder_steps {
    optimizer_options optimizer;
    double layer_decay; /* a block learns at so many times the rate of the one after it (Howard & Ruder 2018, section
                           3.2), the embeddings of that of the first one */
    encoder_dropout dropout; /* of each step, whose number in it is not read */
    uint64_t memory; /* bytes: if all blocks do not fit, they are computed again on the way back; 0: not limited */
} encoder_steps;

/* A copy of an encoder learns. tokens: of all texts of a batch, at most, those that stand around each included.
 * e and workers are borrowed. HEED_FAILED: memory. */
heed_status encoder_trainer_new(encoder_trainer **out, const shared_encoder *e, size_t tokens, pool *workers,
                                const encoder_steps *how, heed_error *error);
void encoder_trainer_free(encoder_trainer *t);
/* What it takes: bytes, and whether blocks are computed again. */
typedef struct encoder_memory {
    uint64_t bytes;
    bool again;
} encoder_memory;
encoder_memory encoder_trainer_memory(const encoder_trainer *t);

/* The copy with its weights of now. */
const shared_encoder *encoder_trainer_encoder(const encoder_trainer *t);
/* Gives rows their states, and where their gradients go; both live until the next call. */
heed_status encoder_trainer_forward(encoder_trainer *t, batch_row *rows, int count, heed_error *error);
/* The gradient of the weights by the gradients that the rows have been given; returns |g|^2, which is not finite if one
 * of its numbers is not. */
double encoder_trainer_backward(encoder_trainer *t);
/* AdamW's step with the last gradient; learning_rate: of the last block; square_norm: |g|^2 of all weights that the
 * step moves, by which it is clipped. */
void encoder_trainer_update(encoder_trainer *t, double learning_rate, double square_norm);
/* Its weights of now are kept, in place of those that were. */
void encoder_trainer_keep(encoder_trainer *t);
/* All that its steps so far have left, as trainer_state; kept: what encoder_trainer_keep kept [moved.count]. */
typedef struct encoder_trainer_state {
    moved_weights moved;
    real *kept;
    uint64_t steps;
} encoder_trainer_state;
encoder_trainer_state encoder_trainer_state_of(const encoder_trainer *t);
void encoder_trainer_continue(encoder_trainer *t, uint64_t steps);
/* Hands over the encoder with the weights that were kept; the trainer can only be freed then. HEED_BAD_DATA: they are
 * not finite. */
heed_status encoder_trainer_take(shared_encoder **out, encoder_trainer *t, heed_error *error);

#endif
