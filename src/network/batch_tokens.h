/* Which positions of a batch hold which token. */
#ifndef NETWORK_BATCH_TOKENS_H
#define NETWORK_BATCH_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include "heed.h"

enum { NOT_IN_BATCH = -1 };

typedef struct batch_tokens {
    int *place;       /* [V]: number of the distinct token, or NOT_IN_BATCH */
    int *place_at;    /* [positions]: number of the distinct token there */
    uint32_t *id;     /* [distinct], in order of first occurrence */
    size_t *first;    /* [distinct + 1] into position */
    size_t *position; /* positions of the batch, token by token, each rising */
    size_t distinct;
} batch_tokens;

/* vocabulary: V. positions: at most, of a batch. */
heed_status batch_tokens_init(batch_tokens *out, size_t vocabulary, size_t positions, heed_error *error);
void batch_tokens_release(batch_tokens *b);
/* Lists the ids of a batch's positions, which replace those of the batch before; allocates nothing. */
void batch_tokens_list(batch_tokens *b, const uint32_t *ids, size_t positions);

#endif
