/* The kernels of an encoder's blocks in bfloat16, for passes that multiply by them: half the bytes to read, and an
 * instruction of their own on some processors. */
#ifndef ENCODER_ENCODER_HALVES_H
#define ENCODER_ENCODER_HALVES_H

#include "encoder/encoder.h"

typedef struct encoder_halves {
    encoder_block_weights *blocks; /* [layers]: those of the encoder, with pairs */
    uint32_t *pairs;               /* of all kernels */
} encoder_halves;

/* Rounds the kernels of an encoder that has blocks; it is borrowed. HEED_FAILED: memory. */
heed_status encoder_halves_new(encoder_halves **out, const encoder *e, heed_error *error);
void encoder_halves_free(encoder_halves *h);

#endif
