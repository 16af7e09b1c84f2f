/* Stretches of texts on their way through an encoder: each gets the tokens that stand around a text, and as many are
 * computed at a time as keep all threads busy. E: the encoder's width. */
#ifndef FEATURES_STRETCHES_H
#define FEATURES_STRETCHES_H

#include "encoder/encoder_pass.h"
#include "features/shared_encoder.h"

/* A stretch that is computed. */
typedef struct stretch {
    size_t text;        /* as stretches_add was told */
    const real *states; /* [length][E]: those around it included; until `take` returns */
    size_t length;
    size_t before; /* how many stand before it: its own begin there */
    size_t own;    /* and so many are its own */
} stretch;

/* Takes stretches in the order in which they were added. */
typedef struct stretch_sink {
    void (*take)(void *self, const stretch *s);
    void *self;
} stretch_sink;

/* Scratch of one caller at a time. */
typedef struct stretches stretches;

/* For stretches of at most `room` ids. e and workers are borrowed. HEED_FAILED: memory. */
heed_status stretches_new(stretches **out, const shared_encoder *e, uint32_t room, pool *workers, heed_error *error);
void stretches_free(stretches *s);
/* encoder_pass_round of its pass. */
void stretches_round(stretches *s, const encoder_halves *h);
/* Begins anew. */
void stretches_begin(stretches *s, stretch_sink sink);
/* Adds a stretch, and computes those before it if there is no room left. ids: NULL for none. */
heed_status stretches_add(stretches *s, const uint32_t *ids, size_t count, size_t text, heed_error *error);
/* Computes what is left. */
heed_status stretches_finish(stretches *s, heed_error *error);

#endif
