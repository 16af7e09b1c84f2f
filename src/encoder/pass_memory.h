/* The memory of a pass through an encoder. All matrices have a column for each token of the group, text after text, so
 * that kernels of weights are used as they lie in their files: y = W x.
 *
 * E, F: features of a state and of an inner layer; P: tokens of the group; T: tokens of a text; D: E / heads. Matrices
 * over the group have P columns, and rows `row` apart. A panel is some columns of it, the task of one thread. */
#ifndef ENCODER_PASS_MEMORY_H
#define ENCODER_PASS_MEMORY_H

#include "base/pool.h"
#include "encoder/dropout_rates.h"
#include "encoder/encoder.h"
#include "encoder/encoder_keeping.h"
#include "math/kernels.h"

/* The most columns of a panel, at multiples of the step; the queries of an attention that are taken together. */
enum { PANEL = 128, PANEL_STEP = 16, QUERIES = 64 };

/* Between rows of a panel's pairs: whole lines of the caches, of an odd number. */
enum { PAIR_ROW = PANEL + PANEL_STEP };

/* What the forward pass of a block leaves. */
typedef struct block_memory {
    real *projected;     /* queries, keys, values, one below the other [3E][P] */
    real *context;       /* [E][P] */
    real *max, *inverse; /* of the softmax [heads][P] */
    /* only in passes that keep; else NULL */
    real *attention_normal, *feed_normal;   /* n of the norms [E][P] */
    real *attention_inverse, *feed_inverse; /* [P] */
    real *inner;                            /* before the activation [F][P] */
} block_memory;                             /* with KEEP_STREAMS only feed_normal and feed_inverse are a block's own */

/* A thread's own. */
typedef struct worker_memory {
    real *middle;  /* a panel between the halves of a block, or words before the first one [E][PANEL] */
    real *inner;   /* [F][PANEL] */
    real *weights; /* of the attention of a block of queries [T][QUERIES] */
    /* only in passes that do not keep */
    uint32_t *pairs; /* of a panel, for kernels in bfloat16 [(the larger of E and F + 1) / 2][PAIR_ROW] */
    /* only in passes that keep */
    real *dweights;           /* [T][QUERIES] */
    real *queries, *dcontext; /* of a block of queries, transposed [QUERIES][D] */
    real *dkeys, *dvalues;    /* of a head, transposed [T][D] */
} worker_memory;

/* What the gradients of weights are computed from: of one block at a time, or of the embeddings. */
typedef struct learning_memory {
    real *gradient;                   /* lies as the weights do (flat_weights.h); NULL: they do not learn */
    real *feed, *attention;           /* gradients of what the norms get [E][P] */
    real *feed_norm, *attention_norm; /* and of what they give [E][P] */
    real *inner;                      /* of the inner layer before its activation [F][P] */
    real *stream_rows;                /* the block's x, as rows [P][E] */
    real *context_rows, *middle_rows, *inner_rows; /* and its context, y and u [P][E], [P][E], [P][F] */
} learning_memory;

/* A text of the group. */
typedef struct text_span {
    int first, length;
} text_span;

/* encoder_pass.h */
typedef struct encoder_pass {
    const encoder *e;
    const encoder_block_weights *weights; /* of the blocks [layers] */
    const kernels *kernels;
    pool *workers;
    int tokens; /* that there is memory for */
    encoder_keeping keeps;
    encoder_dropout dropout;
    /* the group: parts of what the caller gave, and how it lies in memory */
    const uint32_t *ids;   /* [P] */
    const real *words;     /* [P][E], or NULL */
    real *states;          /* [P][E] */
    const real *dstates;   /* [P][E] */
    real *dwords;          /* [P][E] */
    real *attention;       /* [P] */
    text_span *spans;      /* [span_count], without empty texts */
    int *positions;        /* the row of its position for each token [P] */
    int span_count, count; /* count: P */
    ptrdiff_t row;
    int panel_width;
    /* memory */
    real *stream;                               /* from block to block [E][P] */
    block_memory *blocks;                       /* [layers]; if nothing is kept, all are the same */
    worker_memory *of_worker;                   /* [threads] */
    real *embedding_normal, *embedding_inverse; /* only in passes that keep: [E][P], [P] */
    real *dstream, *dcontext, *dprojected;      /* and these: [E][P], [E][P], [3E][P] */
    learning_memory learning;                   /* and this, if weights learn */
    void **owned;                               /* all of it */
    size_t owned_count, owned_capacity;
    size_t bytes; /* of it */
    bool counts;  /* it is only counted */
} encoder_pass;

/* Allocates all of it for p->tokens; pass_memory_release gives it back, after a failure too. */
heed_status pass_memory_take(encoder_pass *p, heed_error *error);
void pass_memory_release(encoder_pass *p);
/* Adds that of p->learning. */
heed_status pass_memory_learn(encoder_pass *p, heed_error *error);
/* Lays out a group of `count` tokens. */
void pass_memory_lay(encoder_pass *p, int count);

/* A matrix over the group, or a panel's columns of it. */
static inline matrix over_group(const encoder_pass *p, const real *data, int rows)
{
    return (matrix){(real *)data, rows, p->count, p->row, 1};
}

/* The columns of a panel. */
static inline text_span panel_span(const encoder_pass *p, size_t panel)
{
    int first = (int)panel * p->panel_width, rest = p->count - first;
    return (text_span){first, rest < p->panel_width ? rest : p->panel_width};
}

static inline matrix over_span(const encoder_pass *p, const real *data, int rows, text_span span)
{
    return matrix_columns(over_group(p, data, rows), span.first, span.length);
}

#endif
