#include "tokenizer/shared_tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status shared_tokenizer_of(shared_tokenizer **out, tokenizer *words, heed_error *error)
{
    shared_tokenizer *t = memory_array(1, sizeof *t);
    heed_status status;
    *out = NULL;
    if (t == NULL) {
        tokenizer_free(words);
        return fail_memory(error, "a tokenizer");
    }
    t->words = words;
    atomic_init(&t->holders, 1);
    TRY(tokenizer_json(&t->json, words, error));
    digest_digits(t->digest, XXH3_128bits(t->json, strlen(t->json)));
    *out = t;
    return HEED_OK;
done:
    shared_tokenizer_release(t);
    return status;
}

heed_status shared_tokenizer_open(shared_tokenizer **out, const char *path, heed_error *error)
{
    tokenizer *words;
    heed_status status = tokenizer_load(&words, path, error);
    *out = NULL;
    return status == HEED_OK ? shared_tokenizer_of(out, words, error) : status;
}

shared_tokenizer *shared_tokenizer_hold(const shared_tokenizer *t)
{
    shared_tokenizer *held = (shared_tokenizer *)(uintptr_t)t;
    if (held != NULL)
        atomic_fetch_add(&held->holders, 1);
    return held;
}

void shared_tokenizer_release(shared_tokenizer *t)
{
    if (t == NULL || atomic_fetch_sub(&t->holders, 1) > 1)
        return;
    tokenizer_free(t->words);
    free(t->json);
    free(t);
}
