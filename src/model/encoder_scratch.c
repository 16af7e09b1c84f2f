#include "model/encoder_scratch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/encoder_head.h"

typedef struct encoder_scratch {
    const encoder_head *head;
    const shared_encoder *encoder;
    feature_rule rule;
    pool *workers;
    text_features *features; /* made when a row first needs it */
    uint32_t *ids;           /* of the rows whose features are computed */
    size_t id_room;
    text_ids texts[CLASSIFIER_BLOCK]; /* these rows */
    real *values;                     /* [CLASSIFIER_BLOCK][E]: theirs */
    double *z;                        /* [CLASSIFIER_BLOCK][K] */
} encoder_scratch;

heed_status encoder_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    const encoder_head *head = model->trained;
    encoder_scratch *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    s->head = head;
    s->encoder = model->encoder;
    s->rule = head->key.rule;
    s->workers = workers;
    s->values = memory_array(CLASSIFIER_BLOCK * head->fit.features, sizeof *s->values);
    s->z = memory_array((size_t)CLASSIFIER_BLOCK * head->fit.outputs, sizeof *s->z);
    return s->values == NULL || s->z == NULL ? fail_memory(error, "a classifier") : HEED_OK;
}

void encoder_scratch_free(void *scratch)
{
    encoder_scratch *s = scratch;
    if (s == NULL)
        return;
    text_features_free(s->features);
    free(s->ids);
    free(s->values);
    free(s->z);
    free(s);
}

/* The tokenizer's numbers of a row's sub-words, at `to`. */
static text_ids subwords_of(const batch_row *row, uint32_t *to)
{
    for (int t = 0; t < row->length; t++)
        to[t] = row->ids[t] & ~SUBWORD_BIT;
    return (text_ids){to, (size_t)row->length};
}

/* s->values: the features of the rows that come without. */
static heed_status compute_features(encoder_scratch *s, const batch_row *rows, size_t count, heed_error *error)
{
    size_t ids = 0, texts = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++)
        ids += rows[i].features == NULL ? (size_t)rows[i].length : 0;
    TRY(memory_grow(&s->ids, &s->id_room, ids, sizeof *s->ids, error));
    uint32_t *to = s->ids;
    for (size_t i = 0; i < count; i++)
        if (rows[i].features == NULL) {
            s->texts[texts++] = subwords_of(&rows[i], to);
            to += rows[i].length;
        }
    if (texts > 0 && s->features == NULL)
        TRY(text_features_new(&s->features, s->encoder, s->rule, s->workers, error));
    if (texts > 0)
        TRY(text_features_run(s->features, s->texts, texts, s->values, error));
done:
    return status;
}

heed_status encoder_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                   heed_error *error)
{
    encoder_scratch *s = scratch;
    const logistic *fit = &s->head->fit;
    heed_status status = compute_features(s, rows, count, error);
    const real *next = s->values;
    for (size_t i = 0; i < count && status == HEED_OK; i++) {
        const real *own = rows[i].features;
        logistic_dense_logits(fit, own != NULL ? own : next, logits + i * fit->outputs);
        next += own != NULL ? 0 : fit->features;
    }
    return status;
}

heed_status encoder_scratch_score(void *scratch, const batch_row *rows, size_t count, float *probability,
                                  heed_error *error)
{
    encoder_scratch *s = scratch;
    size_t outputs = s->head->fit.outputs;
    heed_status status = encoder_scratch_logits(scratch, rows, count, s->z, error);
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        logistic_link(s->z + i * outputs, outputs, s->head->fit.softmax, NULL, NULL);
    for (size_t i = 0; i < count * outputs && status == HEED_OK; i++)
        probability[i] = (float)s->z[i];
    return status;
}
