/* What is dropped in a step of training, where BERT drops (encoder_dropout.h). */
#ifndef ENCODER_DROPOUT_RATES_H
#define ENCODER_DROPOUT_RATES_H

#include <stdint.h>

typedef struct encoder_dropout {
    double hidden, attention; /* rates from 0 up to, but not, 1 */
    uint64_t seed;
    uint32_t step;
} encoder_dropout;

#endif
