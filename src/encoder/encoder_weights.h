/* The weights of an encoder, and which tensors of a file they are.
 *
 * E: features of a state, F: features of the inner layer, V: vocabulary, P: window, K: token types. Kernels lie as the
 * files have them, [features out][features in], so that y = x W' + b. */
#ifndef ENCODER_ENCODER_WEIGHTS_H
#define ENCODER_ENCODER_WEIGHTS_H

#include "base/digest.h"
#include "base/safetensors.h"
#include "encoder/encoder_config.h"
#include "math/real.h"

/* y = kernel x + bias, x [in], y [out] */
typedef struct linear_weights {
    const real *kernel, *bias; /* [out][in], [out] */
    const uint32_t *pairs;     /* the kernel rounded to bfloat16 (encoder_halves.h); NULL: its floats are read */
} linear_weights;

typedef struct encoder_block_weights {
    linear_weights query, key, value, output;     /* of attention: E to E */
    const real *attention_gamma, *attention_beta; /* norm after attention [E] */
    linear_weights feed_in, feed_out;             /* the inner layer: E to F, F to E */
    const real *feed_gamma, *feed_beta;           /* norm after it [E] */
} encoder_block_weights;

/* Begins as {0}; weight_reader.h fills it. What a family does not have is NULL. */
typedef struct encoder_weights {
    const real *words;             /* [word_rows][E]; NULL: they are bfloat16 */
    const uint16_t *words16;       /* and lie here; else NULL */
    int word_rows;                 /* V, but for static encoders */
    const real *positions;         /* [rows of positions][E] */
    const real *types;             /* [K][E] */
    const real *gamma, *beta;      /* norm of the embeddings [E] */
    const real *factors;           /* static: what the row of an id is multiplied by [V], or NULL */
    const uint32_t *rows;          /* static: the row of an id [V], or NULL: the row of its number */
    encoder_block_weights *blocks; /* [layers] */
    real *flat; /* all of them in the order of the table, if they can be moved (flat_weights.h); else NULL */
    size_t flat_count;
    char digest[DIGEST_DIGITS]; /* XXH3-128 of the values as float32 in the order of the table, as hexadecimal digits */
    void **copies;              /* memory of tensors that could not be used where they lie */
    size_t copy_count, copied_bytes; /* of copies */
} encoder_weights;

void encoder_weights_release(encoder_weights *w);

/* ---- the table of a transformer's: name in each family, shape, and where its numbers are held */

enum { NO_ROWS = -1, NO_BLOCK = -1 };

typedef struct table_tensor {
    char name[TENSOR_NAME + 1]; /* without what files of a model with a head have before it */
    int rows, columns;          /* NO_ROWS: a vector */
    int block;                  /* whose place it is in; NO_BLOCK: in that of the whole */
    size_t place;               /* of its pointer, in encoder_weights or in the block's weights */
} table_tensor;

static inline size_t table_tensor_numbers(const table_tensor *t)
{
    return (t->rows == NO_ROWS ? 1 : (size_t)t->rows) * (size_t)t->columns;
}

/* How many tensors an encoder of a config has, and the one of a number below that: 0 is the word embeddings. Those of a
 * block that the config does not have follow, as if it had it. */
size_t encoder_weights_count(const encoder_config *c);
void encoder_weights_at(table_tensor *out, const encoder_config *c, size_t i);

/* Numbers of the tensors from one on: of all from 0, of those that learn from 1, the first after the word embeddings.
 */
enum { ENCODER_ALL_WEIGHTS, ENCODER_LEARNING_WEIGHTS };
size_t encoder_weights_numbers(const encoder_config *c, size_t first);

/* Before all names of a file, if it is of a model with a head. */
const char *encoder_weights_prefix(encoder_family family);

void encoder_weights_set(encoder_weights *w, const table_tensor *t, const real *numbers);
const real *encoder_weights_get(const encoder_weights *w, const table_tensor *t);

#endif
