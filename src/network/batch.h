/* Rows of any length into packed chunks. */
#ifndef NETWORK_BATCH_H
#define NETWORK_BATCH_H

#include "base/intern.h"
#include "network/chunk.h"
#include "network/structure.h"

/* Rows that are summed together. It is a constant of every model and never depends on the machine. */
enum { ROWS_PER_CHUNK = 10 };

#define NOT_PACKED SIZE_MAX

/* A row that goes into a batch; what it points to is borrowed. */
typedef struct batch_row {
    const uint32_t *ids;
    int length;             /* at most the network's window */
    uint32_t number;        /* keys its random numbers */
    uint32_t label;         /* K = 1: 0 or 1; else the index of the target; multilabel: the number of labels */
    const uint32_t *labels; /* multilabel: the indexes of the targets */
    const double *weight;   /* in the loss; NULL: 1 */
    const intern *spelling; /* words of ids from the vocabulary's size on; NULL: there are none */
    const real *features;   /* of its sub-words, if they are known; NULL: they are computed */
    row_states states;      /* of its sub-words, for networks that begin with them */
} batch_row;

typedef struct batch {
    const network *net;
    int capacity, rows;
    chunk *chunks;
    int chunk_count;
    size_t *first_position; /* [chunks + 1]: of a chunk within the batch */
    int *order;             /* [rows]: the number of the row at this place */
    /* storage that the chunks share */
    uint32_t *ids, *padded, *number;
    int *length, *active, *offset, *counts;
    int *distinct, *packed; /* as in a chunk; NULL with a mask */
    size_t *
        packed_at; /* [positions of the batch]: the place that chunk.packed gives it, or NOT_PACKED; NULL with a mask */
    real *target, *weight;
    double smoothing;           /* of targets, from batch_shape_loss */
    const double *class_weight; /* NULL: all 1 */
    const uint32_t **row_ids;
    row_states *states; /* [rows]: by place */
} batch;

heed_status batch_new(batch **out, const network *net, int rows, heed_error *error);
void batch_free(batch *b);
/* Targets and weights of all batches from now on. smoothing s: that share of a target is spread over all labels
 * (Szegedy et al. 2016, section 7): (1 - s) y + s / K, for a sigmoid (1 - s) y + s / 2. class_weight: the weight of a
 * row by its target 0 or 1 [2] or by its label [K]; multilabel: the weight of an output whose target is 1 [K];
 * borrowed; NULL: all 1. */
void batch_shape_loss(batch *b, double smoothing, const double *class_weight);
/* Sorts the rows by falling length (equal ones keep their order) and packs them; allocates nothing. */
void batch_pack(batch *b, const batch_row *rows, int count);

#endif
