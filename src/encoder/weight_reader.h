/* Finds an encoder's weights in files of tensors. */
#ifndef ENCODER_WEIGHT_READER_H
#define ENCODER_WEIGHT_READER_H

#include "encoder/encoder_weights.h"
#include "encoder/weight_files.h"

/* Finds all tensors that the config asks for, and fills the config's width and vocabulary for static encoders. float32
 * tensors and word embeddings in bfloat16 are borrowed from the files; others are converted. HEED_BAD_DATA names the
 * file and the tensor: missing, of another type or shape than expected, not finite, or of a block that the config does
 * not have. Tensors that no row of the table names (poolers, heads, buffers) are left alone. prefix: before the names
 * of all of them, of at most 64 bytes. encoder_weights_release, in any case. */
heed_status encoder_weights_find(encoder_weights *out, encoder_config *config, const weight_files *files,
                                 const char *prefix, heed_error *error);
/* The same of weights rounded to bfloat16, all of them in memory of their own. */
heed_status encoder_weights_round(encoder_weights *out, encoder_config *config, const weight_files *files,
                                  heed_error *error);

#endif
