/* Prediction: texts are encoded and scored on a pool of threads. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "rows/record_batch.h"

enum { BLOCK_ROWS = 500, BATCH_BYTES = 4 << 20 };

/* The ids of one row. */
typedef struct row_ids {
    uint32_t *ids;
    size_t capacity;
} row_ids;

struct heed_predictor {
    const heed_model *model;
    pool *workers;
    classifier *classifier;
    text_encoder *encoder;   /* [threads] */
    row_ids *ids;            /* [BLOCK_ROWS] */
    batch_row *rows;         /* [BLOCK_ROWS] */
    const heed_bytes *texts; /* of the block at hand */
    heed_status *status;     /* [threads]: the first failure of each */
    heed_error *error;       /* [threads] */
};

heed_status heed_predictor_new(heed_predictor **out, const heed_model *model, unsigned threads, heed_error *error)
{
    *out = NULL;
    heed_predictor *p = memory_array(1, sizeof *p);
    if (p == NULL)
        return fail_memory(error, "a predictor");
    p->model = model;
    heed_status status = pool_new(&p->workers, threads, error);
    unsigned count = status == HEED_OK ? pool_threads(p->workers) : 0;
    if (status == HEED_OK)
        status = classifier_new(&p->classifier, model, p->workers, error);
    p->encoder = memory_array(count, sizeof *p->encoder);
    p->status = memory_array(count, sizeof *p->status);
    p->error = memory_array(count, sizeof *p->error);
    p->ids = memory_array(BLOCK_ROWS, sizeof *p->ids);
    p->rows = memory_array(BLOCK_ROWS, sizeof *p->rows);
    if (status == HEED_OK && (!p->encoder || !p->status || !p->error || !p->ids || !p->rows))
        status = fail_memory(error, "a predictor");
    for (unsigned i = 0; i < count && status == HEED_OK; i++)
        status = text_encoder_init(&p->encoder[i], error);
    if (status != HEED_OK) {
        heed_predictor_free(p);
        return status;
    }
    *out = p;
    return HEED_OK;
}

void heed_predictor_free(heed_predictor *p)
{
    if (p == NULL)
        return;
    for (unsigned i = 0; p->encoder != NULL && p->workers != NULL && i < pool_threads(p->workers); i++)
        text_encoder_release(&p->encoder[i]);
    for (size_t i = 0; p->ids != NULL && i < BLOCK_ROWS; i++)
        free(p->ids[i].ids);
    classifier_free(p->classifier);
    pool_free(p->workers);
    free(p->encoder);
    free(p->status);
    free(p->error);
    free(p->ids);
    free(p->rows);
    free(p);
}

heed_status heed_predictor_set_storage(heed_predictor *predictor, heed_storage storage, heed_error *error)
{
    return classifier_set_storage(predictor->classifier, storage, error);
}

heed_status heed_predictor_set_weights(heed_predictor *predictor, heed_weights weights, heed_error *error)
{
    return classifier_set_weights(predictor->classifier, weights, error);
}

heed_reading heed_predictor_reading(const heed_predictor *predictor)
{
    heed_reading sum = {0};
    for (unsigned i = 0; i < pool_threads(predictor->workers); i++) {
        const heed_reading *r = &predictor->encoder[i].read;
        sum.texts += r->texts;
        sum.cut += r->cut;
        sum.tokens += r->tokens;
        sum.unknown += r->unknown;
    }
    return sum;
}

static void encode_row(void *context, size_t row, unsigned worker)
{
    heed_predictor *p = context;
    row_ids *to = &p->ids[row];
    if (p->status[worker] == HEED_OK)
        p->status[worker] = text_encode(&p->encoder[worker], p->model, p->texts[row], NULL, &p->error[worker]);
    size_t count = p->encoder[worker].count;
    if (p->status[worker] == HEED_OK)
        p->status[worker] = memory_grow(&to->ids, &to->capacity, count, sizeof *to->ids, &p->error[worker]);
    if (p->status[worker] != HEED_OK)
        return;
    if (count > 0)
        memcpy(to->ids, p->encoder[worker].ids, count * sizeof *to->ids);
    p->rows[row] = (batch_row){.ids = to->ids, .length = (int)count, .number = (uint32_t)row};
}

static heed_status predict_block(heed_predictor *p, const heed_bytes *texts, size_t count, float *probabilities,
                                 heed_error *error)
{
    unsigned threads = pool_threads(p->workers);
    p->texts = texts;
    memset(p->status, 0, threads * sizeof *p->status);
    pool_run(p->workers, count, encode_row, p);
    for (unsigned i = 0; i < threads; i++)
        if (p->status[i] != HEED_OK)
            return fail(error, p->status[i], "%s", p->error[i].message);
    return classifier_run(p->classifier, p->rows, count, probabilities, error);
}

heed_status heed_predictor_run(heed_predictor *predictor, const heed_bytes *texts, size_t count, float *probabilities,
                               heed_error *error)
{
    heed_status status = HEED_OK;
    size_t labels = predictor->model->config.labels.count;
    for (size_t first = 0; first < count && status == HEED_OK; first += BLOCK_ROWS) {
        size_t block = count - first < BLOCK_ROWS ? count - first : BLOCK_ROWS;
        status = predict_block(predictor, texts + first, block, probabilities + first * labels, error);
    }
    return status;
}

/* ---- rows of a reader */

typedef struct telling {
    const heed_listener *listener;
    heed_reader *reader;
    stopwatch watch;
} telling;

static bool tell_rows(telling *t)
{
    if (t->listener == NULL || !stopwatch_due(&t->watch))
        return true;
    heed_event event = {.stage = HEED_STAGE_PREDICT, .seconds = stopwatch_seconds(&t->watch)};
    event.done = heed_reader_progress(t->reader, &event.total);
    return t->listener->tell(t->listener->user, &event) == 0;
}

static heed_status predict_records(heed_predictor *p, const heed_record *records, size_t count, heed_bytes *texts,
                                   float *probabilities, heed_predicted_sink sink, void *user, heed_error *error)
{
    for (size_t i = 0; i < count; i++)
        texts[i] = records[i].text;
    heed_status status = heed_predictor_run(p, texts, count, probabilities, error);
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        if (sink(user, &records[i], probabilities + i * p->model->config.labels.count) != 0)
            status = fail(error, HEED_STOPPED, "stopped by its receiver at row %llu of %s",
                          (unsigned long long)records[i].row, records[i].file);
    return status;
}

heed_status heed_predict_rows(heed_predictor *predictor, heed_reader *reader, heed_predicted_sink sink, void *user,
                              const heed_listener *listener, heed_error *error)
{
    telling t = {.listener = listener, .reader = reader, .watch = stopwatch_start()};
    record_batch *records = NULL;
    heed_bytes *texts = memory_array(BLOCK_ROWS, sizeof *texts);
    float *probabilities =
        memory_array((size_t)BLOCK_ROWS * predictor->model->config.labels.count, sizeof *probabilities);
    heed_status status =
        texts == NULL || probabilities == NULL ? fail_memory(error, "prediction") : record_batch_new(&records, error);
    while (status == HEED_OK) {
        status = record_batch_fill(records, reader, BLOCK_ROWS, BATCH_BYTES, error);
        if (status != HEED_OK)
            break;
        size_t count;
        const heed_record *items = record_batch_items(records, &count);
        status = predict_records(predictor, items, count, texts, probabilities, sink, user, error);
        if (status == HEED_OK && !tell_rows(&t))
            status = fail(error, HEED_STOPPED, "stopped");
    }
    record_batch_free(records);
    free(texts);
    free(probabilities);
    return status == HEED_END ? HEED_OK : status;
}
