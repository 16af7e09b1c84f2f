#include "data/encoded_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/feature_file.h"

enum { ROWS_AT_ONCE = 128 };

/* Some rows that are computed together. */
typedef struct row_block {
    const heed_corpus *corpus;
    const feature_key *key;
    feature_table *table;
    text_encoding *texts;
    uint32_t row[ROWS_AT_ONCE];
    text_ids text[ROWS_AT_ONCE];
    size_t count;
    uint32_t *ids; /* of all of them, cut */
    real *values;  /* [ROWS_AT_ONCE][E] */
} row_block;

static heed_status init(row_block *b, pool *workers, heed_error *error)
{
    const shared_encoder *e = b->corpus->encoder;
    size_t longest = 0, ids;
    for (size_t i = 0; i < b->corpus->row_count; i++) {
        corpus_subwords(b->corpus, i, &ids);
        longest = ids > longest ? ids : longest;
    }
    const size_t cut = longest < b->key->length ? longest : b->key->length;
    b->ids = memory_array(ROWS_AT_ONCE * cut, sizeof *b->ids);
    b->values = memory_array(ROWS_AT_ONCE * shared_encoder_width(e), sizeof *b->values);
    return b->ids == NULL || b->values == NULL ? fail_memory(error, "features")
                                               : text_encoding_new(&b->texts, e, b->key->rule, workers, error);
}

static void release(row_block *b)
{
    text_encoding_free(b->texts);
    free(b->ids);
    free(b->values);
}

/* Adds a row, as a model reads it; ids: room for it. Returns how many it has. */
static size_t add_row(row_block *b, uint32_t row, uint32_t *ids)
{
    size_t count;
    const uint32_t *found = corpus_subwords(b->corpus, row, &count);
    count = window_copy(ids, found, count, (text_window){b->key->length, b->key->cut, false, READS_SUBWORDS});
    b->text[b->count] = (text_ids){ids, count};
    b->row[b->count++] = row;
    return count;
}

static heed_status compute(row_block *b, heed_error *error)
{
    size_t width = shared_encoder_width(b->corpus->encoder);
    heed_status status = text_encoding_run(b->texts, b->text, b->count, b->values, NULL, error);
    for (size_t i = 0; i < b->count && status == HEED_OK; i++) {
        memcpy(b->table->values + b->row[i] * width, b->values + i * width, width * sizeof *b->values);
        b->table->known[b->row[i]] = true;
    }
    b->count = 0;
    return status;
}

static heed_status compute_all(row_block *b, const feature_query *q, const feature_listener *listener,
                               heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < q->count;) {
        uint32_t *next = b->ids;
        for (; i < q->count && b->count < ROWS_AT_ONCE; i++)
            if (!b->table->known[q->rows[i]])
                next += add_row(b, q->rows[i], next);
        TRY(compute(b, error));
        if (listener != NULL && listener->tell(listener->user, i, q->count) != 0)
            return fail(error, HEED_STOPPED, "stopped while texts were encoded");
    }
done:
    return status;
}

heed_status encoded_rows_find(const real **out, const feature_query *q, pool *workers, const feature_listener *listener,
                              heed_error *error)
{
    const heed_corpus *c = q->corpus;
    row_block block = {.corpus = c, .key = q->key};
    size_t known = 0;
    heed_status status = HEED_OK;
    *out = NULL;
    bool fresh;
    block.table = feature_cache_table(c->features, q->key, c->row_count, shared_encoder_width(c->encoder), &fresh);
    if (block.table == NULL)
        return fail_memory(error, "features");
    if (fresh)
        feature_file_read(block.table, c, q->key);
    for (size_t i = 0; i < q->count; i++)
        known += block.table->known[q->rows[i]];
    if (known < q->count) {
        TRY(init(&block, workers, error));
        TRY(compute_all(&block, q, listener, error));
        feature_file_write(block.table, c, q->key);
    }
    *out = block.table->values;
done:
    release(&block);
    return status;
}
