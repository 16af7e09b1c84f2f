#include "model/encoder_scratch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/encoder_head.h"
#include "model/row_encoding.h"

typedef struct encoder_scratch {
    const encoder_head *head;
    row_encoding *encoding;
    batch_row rows[CLASSIFIER_BLOCK]; /* rows with their features */
    double *z;                        /* [CLASSIFIER_BLOCK][K] */
} encoder_scratch;

heed_status encoder_scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    const encoder_head *head = model->trained;
    encoder_scratch *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a classifier");
    s->head = head;
    s->z = memory_array((size_t)CLASSIFIER_BLOCK * head->fit.outputs, sizeof *s->z);
    return s->z == NULL
               ? fail_memory(error, "a classifier")
               : row_encoding_new(&s->encoding, model->encoder, head->key.rule, ENCODING_FEATURES, workers, error);
}

void encoder_scratch_free(void *scratch)
{
    encoder_scratch *s = scratch;
    if (s == NULL)
        return;
    row_encoding_free(s->encoding);
    free(s->z);
    free(s);
}

heed_status encoder_scratch_set_weights(void *scratch, heed_precision weights, heed_error *error)
{
    const encoder_scratch *s = scratch;
    return row_encoding_set_weights(s->encoding, weights, error);
}

heed_status encoder_scratch_logits(void *scratch, const batch_row *rows, size_t count, double *logits,
                                   heed_error *error)
{
    encoder_scratch *s = scratch;
    const logistic *fit = &s->head->fit;
    memcpy(s->rows, rows, count * sizeof *rows);
    heed_status status = row_encoding_give(s->encoding, s->rows, count, error);
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        logistic_dense_logits(fit, s->rows[i].features, logits + i * fit->outputs);
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
