#include "model/sum_scratch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/logistic.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/row_encoding.h"
#include "model/sum.h"

typedef struct sum_scratch {
    const model_sum *sum;
    size_t outputs; /* K */
    bool softmax;
    void **parts;           /* [parts]: the scratch of each; NULL: it does not count */
    batch_row *rows;        /* [CLASSIFIER_BLOCK]: of one part */
    row_encoding *encoding; /* in one pass for all parts; NULL: each reads the encoder by itself, if it reads one */
    const sum_part *reader; /* a part that reads what the encoder does */
    batch_row *given;       /* [CLASSIFIER_BLOCK]: rows with features and states */
    uint32_t *ids;          /* of these rows */
    size_t id_room;
    double *own, *z; /* [block][K]: logits of one part, and their sum */
    size_t own_room, z_room;
} sum_scratch;

/* One pass through the encoder is enough for a part on its features and those on its states if they read the same
 * stretch of a text. */
static heed_status encoding_init(sum_scratch *s, pool *workers, heed_error *error)
{
    const sum_part *features = sum_part_on_features(s->sum), *states = sum_part_on_states(s->sum);
    if (features == NULL || states == NULL)
        return HEED_OK;
    const feature_key *key = &model_encoder_head(features->model)->key;
    const text_window window = model_window(states->model);
    if (key->length != key->rule.room || window.length != key->length || window.cut != key->cut)
        return HEED_OK;
    s->reader = features;
    return row_encoding_new(&s->encoding, features->model->encoder, key->rule, ENCODING_BOTH, workers, error);
}

heed_status sum_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    const model_sum *sum = model->trained;
    sum_scratch *s = *out = memory_array(1, sizeof *s);
    heed_status status;
    TRY(s == NULL ? fail_memory(error, "a classifier") : HEED_OK);
    *s = (sum_scratch){.sum = sum,
                       .outputs = model->config.network.outputs,
                       .softmax = model->config.labels.task == HEED_TASK_MULTICLASS,
                       .parts = memory_array(sum->count, sizeof *s->parts),
                       .rows = memory_array(CLASSIFIER_BLOCK, sizeof *s->rows),
                       .given = memory_array(CLASSIFIER_BLOCK, sizeof *s->given)};
    TRY(s->parts == NULL || s->rows == NULL || s->given == NULL ? fail_memory(error, "a classifier") : HEED_OK);
    for (uint32_t i = 0; i < sum->count; i++) {
        const heed_model *part = sum->parts[i].model;
        if (sum_part_counts(sum, i))
            TRY(part->class->scratch_new(&s->parts[i], part, workers, error));
    }
    status = encoding_init(s, workers, error);
done:
    return status;
}

void sum_scratch_free(void *scratch)
{
    sum_scratch *s = scratch;
    if (s == NULL)
        return;
    for (uint32_t i = 0; s->parts != NULL && i < s->sum->count; i++)
        s->sum->parts[i].model->class->scratch_free(s->parts[i]);
    row_encoding_free(s->encoding);
    free(s->parts);
    free(s->rows);
    free(s->given);
    free(s->ids);
    free(s->own);
    free(s->z);
    free(s);
}

/* ---- logits */

/* The rows as a part reads them. */
static void read_rows(sum_scratch *s, const sum_part *part, const batch_row *rows, size_t count)
{
    uint32_t *ids = s->ids;
    for (size_t i = 0; i < count; i++) {
        s->rows[i] = sum_part_row(part, &rows[i], ids, NULL);
        ids += s->rows[i].length;
    }
}

/* Room for the ids of rows as a part reads them. */
static heed_status need_ids(sum_scratch *s, const batch_row *rows, size_t count, heed_error *error)
{
    size_t tokens = 0;
    for (size_t i = 0; i < count; i++)
        tokens += (size_t)rows[i].length;
    return memory_grow(&s->ids, &s->id_room, tokens, sizeof *s->ids, error);
}

/* s->given: the rows with what the encoder makes of them. */
static heed_status give_encoding(sum_scratch *s, const batch_row *rows, size_t count, heed_error *error)
{
    heed_status status;
    TRY(need_ids(s, rows, count, error));
    read_rows(s, s->reader, rows, count);
    TRY(row_encoding_give(s->encoding, s->rows, count, error));
    for (size_t i = 0; i < count; i++) {
        s->given[i] = rows[i];
        s->given[i].features = s->rows[i].features;
        s->given[i].states = s->rows[i].states;
    }
done:
    return status;
}

static void add_logits(double *z, const double *own, size_t count, double weight)
{
    for (size_t i = 0; i < count; i++)
        z[i] += weight * own[i];
}

static heed_status block_logits(sum_scratch *s, const batch_row *rows, size_t count, double *logits, heed_error *error)
{
    size_t numbers = count * s->outputs;
    heed_status status;
    TRY(need_ids(s, rows, count, error));
    TRY(memory_grow(&s->own, &s->own_room, numbers, sizeof *s->own, error));
    for (size_t i = 0; i < numbers; i++)
        logits[i] = 0;
    for (uint32_t i = 0; i < s->sum->count; i++) {
        const sum_part *part = &s->sum->parts[i];
        if (s->parts[i] == NULL) /* z + 0 * own is z */
            continue;
        read_rows(s, part, rows, count);
        TRY(part->model->class->logits(s->parts[i], s->rows, count, s->own, error));
        add_logits(logits, s->own, numbers, (double)part->weight);
    }
done:
    return status;
}

heed_status sum_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits, heed_error *error)
{
    sum_scratch *s = scratch;
    heed_status status = HEED_OK;
    if (s->encoding == NULL)
        return block_logits(s, rows, count, logits, error);
    for (size_t first = 0, size = 0; first < count; first += size) {
        size = row_encoding_block(rows + first, count - first);
        TRY(give_encoding(s, rows + first, size, error));
        TRY(block_logits(s, s->given, size, logits + first * s->outputs, error));
    }
done:
    return status;
}

heed_status sum_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability, heed_error *error)
{
    sum_scratch *s = scratch;
    size_t outputs = s->outputs;
    heed_status status;
    TRY(memory_grow(&s->z, &s->z_room, count * outputs, sizeof *s->z, error));
    TRY(sum_scratch_logits(s, rows, count, s->z, error));
    for (size_t i = 0; i < count; i++)
        logistic_link(s->z + i * outputs, outputs, s->softmax, NULL, NULL);
    for (size_t i = 0; i < count * outputs; i++)
        probability[i] = (float)s->z[i];
done:
    return status;
}

/* ---- formats */

/* Sets a format in every part that has it; at least one must, even if it does not count: whether a format is accepted
 * does not depend on weights. Every part has float32. */
static heed_status set_format(sum_scratch *s,
                              heed_status (*set)(const classifier_class *, void *, heed_error *, heed_precision),
                              heed_precision format, heed_error *error)
{
    bool one = format == HEED_PRECISION_FLOAT32;
    for (uint32_t i = 0; i < s->sum->count; i++) {
        heed_status status = set(s->sum->parts[i].model->class, s->parts[i], error, format);
        if (status != HEED_OK && status != HEED_USAGE)
            return status;
        one = one || status == HEED_OK;
    }
    return one ? HEED_OK : HEED_USAGE;
}

static heed_status set_storage(const classifier_class *class, void *scratch, heed_error *error, heed_precision storage)
{
    if (class->set_storage == NULL)
        return HEED_USAGE;
    return scratch != NULL ? class->set_storage(scratch, storage, error) : HEED_OK;
}

static heed_status set_weights(const classifier_class *class, void *scratch, heed_error *error, heed_precision weights)
{
    if (class->set_weights == NULL)
        return HEED_USAGE;
    return scratch != NULL ? class->set_weights(scratch, weights, error) : HEED_OK;
}

heed_status sum_scratch_set_storage(void *scratch, heed_precision storage, heed_error *error)
{
    return set_format(scratch, set_storage, storage, error);
}

heed_status sum_scratch_set_weights(void *scratch, heed_precision weights, heed_error *error)
{
    sum_scratch *s = scratch;
    heed_status status = set_format(s, set_weights, weights, error);
    if (status != HEED_OK || s->encoding == NULL)
        return status;
    status = row_encoding_set_weights(s->encoding, weights, error);
    return status == HEED_USAGE ? HEED_OK : status; /* an encoder without kernels, beside a part that has some */
}
