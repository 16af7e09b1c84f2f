#include "network/batch_tokens.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status batch_tokens_init(batch_tokens *out, size_t vocabulary, size_t positions, heed_error *error)
{
    size_t distinct = positions < vocabulary ? positions : vocabulary;
    *out = (batch_tokens){.place = memory_array(vocabulary, sizeof *out->place),
                          .place_at = memory_array(positions, sizeof *out->place_at),
                          .id = memory_array(distinct, sizeof *out->id),
                          .first = memory_array(distinct + 1, sizeof *out->first),
                          .position = memory_array(positions, sizeof *out->position)};
    if (!out->place || !out->place_at || !out->id || !out->first || !out->position)
        return fail_memory(error, "the tokens of a batch");
    for (size_t i = 0; i < vocabulary; i++)
        out->place[i] = NOT_IN_BATCH;
    return HEED_OK;
}

void batch_tokens_release(batch_tokens *b)
{
    free(b->place);
    free(b->place_at);
    free(b->id);
    free(b->first);
    free(b->position);
    *b = (batch_tokens){0};
}

void batch_tokens_list(batch_tokens *b, const uint32_t *ids, size_t positions)
{
    for (size_t i = 0; i < b->distinct; i++)
        b->place[b->id[i]] = NOT_IN_BATCH;
    b->distinct = 0;
    for (size_t i = 0; i < positions; i++) {
        if (b->place[ids[i]] == NOT_IN_BATCH) {
            b->place[ids[i]] = (int)b->distinct;
            b->first[b->distinct] = 0;
            b->id[b->distinct++] = ids[i];
        }
        b->place_at[i] = b->place[ids[i]];
        b->first[b->place_at[i]]++;
    }
    size_t end = 0;
    for (size_t i = 0; i < b->distinct; i++) { /* its end, which the loop below lowers to its beginning */
        end += b->first[i];
        b->first[i] = end;
    }
    b->first[b->distinct] = end;
    for (size_t i = positions; i > 0; i--)
        b->position[--b->first[b->place_at[i - 1]]] = i - 1;
}
