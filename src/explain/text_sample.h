/* Texts drawn from a reader of unknown length, each row as likely as any other. */
#ifndef EXPLAIN_TEXT_SAMPLE_H
#define EXPLAIN_TEXT_SAMPLE_H

#include "heed.h"

typedef struct text_sample {
    char **texts; /* [count] */
    size_t *sizes;
    size_t count, room;
    uint64_t offered; /* rows of the reader */
} text_sample;

/* Draws up to `room` rows with the seed's random numbers (Vitter 1985, "Random sampling with a reservoir", algorithm
 * R). The listener, which may be NULL, gets HEED_STAGE_READ. Release it in any case. */
heed_status text_sample_draw(text_sample *out, heed_reader *reader, size_t room, uint64_t seed,
                             const heed_listener *listener, heed_error *error);
void text_sample_release(text_sample *s);

#endif
