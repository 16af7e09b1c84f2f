/* A tokenizer that cleaners, corpora and models hold together. Read-only. */
#ifndef TOKENIZER_SHARED_TOKENIZER_H
#define TOKENIZER_SHARED_TOKENIZER_H

#include <stdatomic.h>

#include "base/digest.h"
#include "tokenizer/tokenizer.h"

typedef struct shared_tokenizer {
    tokenizer *words;
    char *json;                 /* tokenizer_json of it */
    char digest[DIGEST_DIGITS]; /* XXH3-128 of that text, as hexadecimal digits */
    atomic_uint holders;        /* how many there are; the last one frees it */
} shared_tokenizer;

/* Errors as tokenizer_load. */
heed_status shared_tokenizer_open(shared_tokenizer **out, const char *path, heed_error *error);
/* The same of a tokenizer that was read otherwise; it owns that from now on, even after a failure. */
heed_status shared_tokenizer_of(shared_tokenizer **out, tokenizer *words, heed_error *error);
/* One more holder; NULL too. Threads may do so at the same time. */
shared_tokenizer *shared_tokenizer_hold(const shared_tokenizer *t);
/* Of a holder; NULL too. */
void shared_tokenizer_release(shared_tokenizer *t);

#endif
