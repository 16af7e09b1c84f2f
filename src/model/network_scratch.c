#include "model/network_scratch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/row_encoding.h"
#include "model/trained_network.h"
#include "network/scorer.h"
#include "network/projection_table.h"

typedef struct network_scratch {
    const network *net;
    const real *weights;
    pool *workers;
    size_t room;    /* rows at a time: the largest block so far, so that one row needs only the memory of one */
    scorer *scorer; /* for room rows */
    projection_table *table; /* cached products of the first layer; NULL: not yet, or not worth it */
    uint32_t *bf16;          /* the weights that are kept in bfloat16; NULL: all are read as floats */
    size_t projected;        /* tokens so far whose products a table would have had */
    float *logits;           /* [logit_room] */
    size_t logit_room;
    row_encoding *states; /* of a network on an encoder, else NULL */
    batch_row *rows;      /* [CLASSIFIER_BLOCK]: rows with their states; the same */
} network_scratch;

static heed_status states_init(network_scratch *s, const heed_model *model, heed_error *error)
{
    if (s->net->spec.encoder_width == 0)
        return HEED_OK;
    s->rows = memory_array(CLASSIFIER_BLOCK, sizeof *s->rows);
    return s->rows == NULL ? fail_memory(error, "a classifier")
                           : row_encoding_new(&s->states, model->encoder, (feature_rule){.room = s->net->spec.window},
                                              ENCODING_STATES, s->workers, error);
}

heed_status network_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    const trained_network *n = model->trained;
    network_scratch *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    *s = (network_scratch){.net = n->net, .weights = n->weights, .workers = workers};
    return states_init(s, model, error);
}

static void free_scorer(network_scratch *s)
{
    scorer_free(s->scorer);
    s->scorer = NULL;
    s->room = 0;
}

void network_scratch_free(void *scratch)
{
    network_scratch *s = scratch;
    if (s == NULL)
        return;
    free_scorer(s);
    projection_table_free(s->table);
    free(s->bf16);
    free(s->logits);
    row_encoding_free(s->states);
    free(s->rows);
    free(s);
}

/* A scorer with room for at least count rows. */
static heed_status need_scorer(network_scratch *s, size_t count, heed_error *error)
{
    if (count <= s->room)
        return HEED_OK;
    size_t room = 1;
    while (room < count)
        room *= 2;
    if (room > CLASSIFIER_BLOCK)
        room = CLASSIFIER_BLOCK;
    free_scorer(s);
    heed_status status = scorer_new_with_table(&s->scorer, s->net, s->table, s->workers, (int)room, error);
    s->room = s->scorer != NULL ? room : 0;
    return status;
}

/* Replaces the existing table, and the scorer, which was made without it. */
static heed_status make_table(network_scratch *s, heed_precision storage, heed_error *error)
{
    free_scorer(s);
    projection_table_free(s->table);
    s->table = NULL;
    return projection_table_new(&s->table, s->net, storage, s->weights, s->workers, error);
}

/* Builds the table once the work done without it equals its cost (ski rental: at most twice the optimum), so that a
 * single text does not wait for it. */
static heed_status count_products(network_scratch *s, heed_error *error)
{
    s->projected += scorer_projected(s->scorer);
    bool pays = s->table == NULL && s->projected >= s->net->spec.vocabulary;
    return pays && projection_table_applies(s->net, HEED_PRECISION_FLOAT32)
               ? make_table(s, HEED_PRECISION_FLOAT32, error)
               : HEED_OK;
}

/* The first of these rows as the network reads them, as many as go at a time: with their states if it reads those. */
static heed_status take_rows(network_scratch *s, const batch_row **rows, size_t *count, heed_error *error)
{
    if (s->states == NULL)
        return HEED_OK;
    *count = row_encoding_block(*rows, *count);
    memcpy(s->rows, *rows, *count * sizeof *s->rows);
    *rows = s->rows;
    return row_encoding_give(s->states, s->rows, *count, error);
}

heed_status network_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                  heed_error *error)
{
    network_scratch *s = scratch;
    size_t outputs = s->net->spec.outputs;
    heed_status status;
    TRY(need_scorer(s, count, error));
    scorer_set_bf16(s->scorer, s->bf16);
    for (size_t first = 0, block; first < count; first += block) {
        const batch_row *own = rows + first;
        block = count - first;
        TRY(take_rows(s, &own, &block, error));
        scorer_run(s->scorer, s->weights, own, (int)block, probability + first * outputs, NULL);
        TRY(pool_check(s->workers, error));
    }
    status = count_products(s, error);
done:
    return status;
}

heed_status network_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                   heed_error *error)
{
    network_scratch *s = scratch;
    size_t outputs = s->net->spec.outputs;
    heed_status status;
    TRY(need_scorer(s, count, error));
    TRY(memory_grow(&s->logits, &s->logit_room, count * outputs, sizeof *s->logits, error));
    scorer_set_bf16(s->scorer, s->bf16);
    for (size_t first = 0, block; first < count; first += block) {
        const batch_row *own = rows + first;
        block = count - first;
        TRY(take_rows(s, &own, &block, error));
        scorer_run_logits(s->scorer, s->weights, own, (int)block, s->logits + first * outputs);
        TRY(pool_check(s->workers, error));
    }
    for (size_t i = 0; i < count * outputs; i++)
        logits[i] = (double)s->logits[i];
done:
    return status;
}

heed_status network_scratch_set_storage(void *scratch, heed_precision storage, heed_error *error)
{
    network_scratch *s = scratch;
    if (storage == HEED_PRECISION_FLOAT32 && (s->table == NULL || s->table->storage == storage))
        return HEED_OK;
    return projection_table_applies(s->net, storage) ? make_table(s, storage, error) : HEED_USAGE;
}

heed_status network_scratch_set_weights(void *scratch, heed_precision weights, heed_error *error)
{
    network_scratch *s = scratch;
    uint32_t *bf16 = NULL;
    heed_status status = s->states == NULL ? HEED_USAGE : row_encoding_set_weights(s->states, weights, error);
    if (status != HEED_OK && status != HEED_USAGE)
        return status;
    if (weights == HEED_PRECISION_BFLOAT16) {
        if (s->net->bf16_count == 0)
            return status;
        bf16 = memory_aligned(s->net->bf16_count, sizeof *bf16);
        if (bf16 == NULL)
            return fail_memory(error, "the weights in bfloat16");
        network_to_bf16(s->net, s->weights, bf16);
    }
    free(s->bf16);
    s->bf16 = bf16;
    return HEED_OK;
}
