/* The weights of an encoder, found by their families' names in files of tensors.
 *
 * E: features of a state, F: features of the inner layer, V: vocabulary, P: window, K: token types. Kernels lie as the
 * files have them, [features out][features in], so that y = x W' + b. */
#ifndef ENCODER_ENCODER_WEIGHTS_H
#define ENCODER_ENCODER_WEIGHTS_H

#include "encoder/encoder_config.h"
#include "encoder/weight_files.h"
#include "math/real.h"

typedef struct encoder_block_weights {
    const real *query, *key, *value, *output;                     /* kernels of attention [E][E] */
    const real *query_bias, *key_bias, *value_bias, *output_bias; /* [E] */
    const real *attention_gamma, *attention_beta;                 /* norm after attention [E] */
    const real *feed_in, *feed_in_bias;                           /* [F][E], [F] */
    const real *feed_out, *feed_out_bias;                         /* [E][F], [E] */
    const real *feed_gamma, *feed_beta;                           /* norm after the inner layer [E] */
} encoder_block_weights;

/* Begins as {0}. What a family does not have is NULL. */
typedef struct encoder_weights {
    const real *words;             /* [V][E]; static: [rows][E] */
    const real *positions;         /* [P][E] */
    const real *types;             /* [K][E] */
    const real *gamma, *beta;      /* norm of the embeddings [E] */
    const real *factors;           /* static: what the row of an id is multiplied by [V], or NULL */
    const uint32_t *rows;          /* static: the row of an id [V], or NULL: the row of its number */
    encoder_block_weights *blocks; /* [layers] */
    char digest[33]; /* XXH3-128 of the values as float32 in the order of the table, as hexadecimal digits */
    void **copies;   /* memory of tensors that could not be used where they lie */
    size_t copy_count, copied_bytes; /* of copies */
} encoder_weights;

/* Finds all tensors that the config asks for, and fills the config's width and vocabulary for static encoders. float32
 * tensors are borrowed from the files; others are converted. HEED_BAD_DATA names the file and the tensor: missing, of
 * another type or shape than expected, not finite, or of a block that the config does not have. Tensors that no row of
 * the table names (poolers, heads, buffers) are left alone. encoder_weights_release, in any case. */
heed_status encoder_weights_find(encoder_weights *out, encoder_config *config, const weight_files *files,
                                 heed_error *error);
void encoder_weights_release(encoder_weights *w);

#endif
