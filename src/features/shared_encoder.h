/* A pretrained encoder with its tokenizer: from a folder in Hugging Face's layout, or from a model's file. Read-only;
 * corpora, models and trainings hold the same one. */
#ifndef FEATURES_SHARED_ENCODER_H
#define FEATURES_SHARED_ENCODER_H

#include <stdatomic.h>

#include "encoder/encoder_halves.h"
#include "tokenizer/tokenizer.h"

enum { ENCODER_NAME = 64 };

typedef struct shared_encoder {
    encoder *net;
    tokenizer *words;
    char name[ENCODER_NAME];    /* family and sizes: "bert 6x384" */
    char digest[DIGEST_DIGITS]; /* XXH3-128 of its weights and its tokenizer, as hexadecimal digits */
    char *file; /* the bytes of a model's file that the weights lie in; free() releases it; NULL: none */
    _Atomic(encoder_halves *) halves; /* NULL: not wanted yet */
    atomic_uint holders;              /* how many there are; the last one frees it */
} shared_encoder;

/* Opens a folder; precision: HEED_PRECISION_FLOAT32, or BFLOAT16: with rounded weights. Errors as encoder_open and
 * tokenizer_load; HEED_BAD_DATA: the tokenizer has ids past the encoder's vocabulary. */
heed_status shared_encoder_open(shared_encoder **out, const char *folder, heed_precision precision, heed_error *error);
/* The same of a tokenizer and an encoder that were read otherwise; it owns both from now on, even after a failure. */
heed_status shared_encoder_join(shared_encoder **out, encoder *net, tokenizer *words, heed_error *error);
/* Finds its digest anew, after its weights were moved and have theirs. HEED_FAILED: memory. */
heed_status shared_encoder_settle(shared_encoder *e, heed_error *error);
/* The bytes of the file that the weights were read from belong to it from now on; free() releases them. What no weight
 * lies in is given back to the system. */
void shared_encoder_keep(shared_encoder *e, char *file, size_t size);
/* Its kernels in bfloat16 for passes, made when they are first wanted; they live as long as it does. Threads may ask at
 * the same time. HEED_USAGE, without a message: it has no kernels; HEED_FAILED: memory. */
heed_status shared_encoder_halves(const encoder_halves **out, const shared_encoder *e, heed_error *error);
/* One more holder; NULL too. Threads may do so at the same time. */
shared_encoder *shared_encoder_hold(const shared_encoder *e);
/* Of a holder; NULL too. */
void shared_encoder_release(shared_encoder *e);

/* Features of a state. */
static inline size_t shared_encoder_width(const shared_encoder *e)
{
    return (size_t)e->net->config.width;
}

/* The ids of a text, or a stretch of one, between those that stand around it, as passes read them; they may be marked
 * as sub-words. to: room for as many, and tokenizer_around; returns their number. */
size_t shared_encoder_frame(const shared_encoder *e, const uint32_t *ids, size_t count, uint32_t *to);

/* How many tokens of a text it reads at a time when at most so many are wanted, those that stand around it left out; at
 * least 1. */
uint32_t shared_encoder_room(const shared_encoder *e, uint32_t wanted);
/* How many it reads of a text in so many stretches of that; 0 stretches: 1. */
uint32_t shared_encoder_reads(const shared_encoder *e, uint32_t wanted, uint32_t stretches);

#endif
