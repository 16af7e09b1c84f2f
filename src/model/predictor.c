/* Prediction: texts are encoded and scored on a pool of threads. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "model/classifier.h"
#include "model/encode.h"
#include "options/choices.h"
#include "rows/reader.h"
#include "rows/record_batch.h"

const names storage_names = NAMES("float32", "bfloat16", "int8");
const names weights_names = NAMES("float32", "bfloat16", NULL, "auto");

enum { BLOCK_ROWS = 500, BATCH_BYTES = 4 << 20 };

/* The ids of one row. */
typedef struct row_ids {
    uint32_t *ids;
    size_t capacity;
} row_ids;

/* Of one thread: its scratch, and its first failure in the current block. */
typedef struct predictor_lane {
    text_encoder encoder;
    heed_status status;
    size_t failed; /* the row of that */
    heed_error error;
} predictor_lane;

struct heed_predictor {
    const heed_model *model;
    pool *workers;
    classifier *classifier;
    predictor_lane *lanes;   /* [threads] */
    row_ids *ids;            /* [BLOCK_ROWS] */
    batch_row *rows;         /* [BLOCK_ROWS] */
    const heed_bytes *texts; /* of the current block, */
    size_t first;            /* whose first text has this number in the call */
    heed_predictor_counts counts;
    bool (*stopped)(void *user); /* heed_predictor_watch */
    void *user;
};

static heed_status allocate(heed_predictor *p, unsigned threads, heed_error *error)
{
    heed_status status;
    TRY(pool_new(&p->workers, threads, error));
    TRY(classifier_new(&p->classifier, p->model, p->workers, error));
    p->lanes = memory_array(pool_threads(p->workers), sizeof *p->lanes);
    p->ids = memory_array(BLOCK_ROWS, sizeof *p->ids);
    p->rows = memory_array(BLOCK_ROWS, sizeof *p->rows);
    TRY(!p->lanes || !p->ids || !p->rows ? fail_memory(error, "a predictor") : HEED_OK);
    for (unsigned i = 0; i < pool_threads(p->workers); i++)
        TRY(text_encoder_init(&p->lanes[i].encoder, error));
done:
    return status;
}

heed_status heed_predictor_new(heed_predictor **out, const heed_model *model, unsigned threads, heed_error *error)
{
    *out = NULL;
    heed_predictor *p = memory_array(1, sizeof *p);
    if (p == NULL)
        return fail_memory(error, "a predictor");
    p->model = model;
    heed_status status;
    TRY(allocate(p, threads, error));
    *out = p;
    return HEED_OK;
done:
    heed_predictor_free(p);
    return status;
}

void heed_predictor_free(heed_predictor *p)
{
    if (p == NULL)
        return;
    for (unsigned i = 0; p->lanes != NULL && i < pool_threads(p->workers); i++)
        text_encoder_release(&p->lanes[i].encoder);
    for (size_t i = 0; p->ids != NULL && i < BLOCK_ROWS; i++)
        free(p->ids[i].ids);
    classifier_free(p->classifier);
    pool_free(p->workers);
    free(p->lanes);
    free(p->ids);
    free(p->rows);
    free(p);
}

void heed_predictor_watch(heed_predictor *predictor, bool (*stopped)(void *user), void *user)
{
    predictor->stopped = stopped;
    predictor->user = user;
}

heed_status heed_predictor_set_projections(heed_predictor *predictor, heed_precision storage, heed_error *error)
{
    return classifier_set_storage(predictor->classifier, storage, error);
}

heed_status heed_predictor_set_weights(heed_predictor *predictor, heed_precision weights, heed_error *error)
{
    return classifier_set_weights(predictor->classifier, weights, error);
}

heed_precision heed_predictor_weights(const heed_predictor *predictor)
{
    return classifier_weights(predictor->classifier);
}

const heed_predictor_counts *heed_predictor_describe(heed_predictor *predictor)
{
    heed_predictor_counts sum = {0};
    for (unsigned i = 0; i < pool_threads(predictor->workers); i++) {
        const heed_predictor_counts *r = &predictor->lanes[i].encoder.read;
        sum.texts += r->texts;
        sum.cut += r->cut;
        sum.tokens += r->tokens;
        sum.unknown += r->unknown;
    }
    predictor->counts = sum;
    return &predictor->counts;
}

static heed_status encode_row(heed_predictor *p, size_t row, predictor_lane *lane)
{
    row_ids *to = &p->ids[row];
    heed_status status;
    TRY(text_check(p->texts[row], "text", p->first + row + 1, &lane->error));
    TRY(text_encode(&lane->encoder, p->model, p->texts[row], NULL, &lane->error));
    size_t count = lane->encoder.count;
    TRY(memory_grow(&to->ids, &to->capacity, count, sizeof *to->ids, &lane->error));
    if (count > 0)
        memcpy(to->ids, lane->encoder.ids, count * sizeof *to->ids);
    p->rows[row] = (batch_row){.ids = to->ids,
                               .length = (int)count,
                               .number = (uint32_t)row,
                               .spelling = text_encoder_spelling(&lane->encoder, p->model)};
done:
    return status;
}

static void encode_task(void *context, size_t row, unsigned worker)
{
    heed_predictor *p = context;
    predictor_lane *lane = &p->lanes[worker];
    if (lane->status != HEED_OK)
        return;
    lane->status = encode_row(p, row, lane);
    lane->failed = row;
}

/* Of the first row that failed, whatever the threads: each takes its rows in order. */
static heed_status first_failure(const heed_predictor *p, heed_error *error)
{
    const predictor_lane *first = NULL;
    for (unsigned i = 0; i < pool_threads(p->workers); i++) {
        const predictor_lane *lane = &p->lanes[i];
        if (lane->status != HEED_OK && (first == NULL || lane->failed < first->failed))
            first = lane;
    }
    return first == NULL ? HEED_OK : fail(error, first->status, "%s", first->error.message);
}

/* Ids of a block of texts, in p->rows. */
static heed_status encode_block(heed_predictor *p, const heed_bytes *texts, size_t count, heed_error *error)
{
    unsigned threads = pool_threads(p->workers);
    p->texts = texts;
    for (unsigned i = 0; i < threads; i++) {
        p->lanes[i].status = HEED_OK;
        text_encoder_forget(&p->lanes[i].encoder);
    }
    pool_run(p->workers, count, encode_task, p);
    heed_status status = first_failure(p, error);
    return status == HEED_OK ? pool_check(p->workers, error) : status;
}

/* As heed_predictor_run. *done: texts whose probabilities are right, also after a failure. The pool is watched while it
 * works on texts, so that each call asks anew, and a change of formats is never left half done. */
static heed_status run_texts(float *probabilities, heed_predictor *predictor, const heed_bytes *texts, size_t count,
                             size_t *done, heed_error *error)
{
    heed_status status = HEED_OK;
    size_t labels = predictor->model->config.labels.count;
    *done = 0;
    pool_watch(predictor->workers, predictor->stopped, predictor->user);
    for (size_t first = 0; first < count; first += BLOCK_ROWS) {
        size_t block = count - first < BLOCK_ROWS ? count - first : BLOCK_ROWS;
        predictor->first = first;
        float *to = probabilities + first * labels;
        TRY(encode_block(predictor, texts + first, block, error));
        status = classifier_run(predictor->classifier, predictor->rows, block, to, error);
        if (status == HEED_OK || status == HEED_BAD_DATA)
            *done += classifier_finite_rows(to, block, labels);
        TRY(status);
    }
done:
    pool_watch(predictor->workers, NULL, NULL);
    return status;
}

heed_status heed_predictor_run(float *probabilities, heed_predictor *predictor, const heed_bytes *texts, size_t count,
                               heed_error *error)
{
    size_t done, labels = predictor->model->config.labels.count;
    heed_status status = run_texts(probabilities, predictor, texts, count, &done, error);
    if (status != HEED_OK && count > 0)
        memset(probabilities, 0, count * labels * sizeof *probabilities);
    return status;
}

/* ---- rows of a reader */

typedef struct row_prediction {
    heed_predictor *predictor;
    heed_reader *reader;
    heed_predicted_sink sink;
    void *user;
    const heed_listener *listener;
    stopwatch watch;
    record_batch *records;
    heed_bytes *texts;    /* [BLOCK_ROWS] */
    float *probabilities; /* [BLOCK_ROWS][labels] */
} row_prediction;

static heed_status allocate_rows(row_prediction *p, heed_error *error)
{
    size_t labels = p->predictor->model->config.labels.count;
    p->texts = memory_array(BLOCK_ROWS, sizeof *p->texts);
    p->probabilities = memory_array(BLOCK_ROWS * labels, sizeof *p->probabilities);
    return p->texts == NULL || p->probabilities == NULL ? fail_memory(error, "prediction")
                                                        : record_batch_new(&p->records, error);
}

/* Says of which record a failure is. */
static heed_status blame_record(const heed_record *record, heed_status status, const heed_error *found,
                                heed_error *error)
{
    return fail(error, status, "%s:%llu: row %llu: %.800s", record->file, (unsigned long long)record->line_number,
                (unsigned long long)record->row, found->message);
}

/* The next records, in the order of the input; HEED_END after the last. */
static heed_status predict_batch(row_prediction *p, heed_error *error)
{
    heed_error found = {""};
    size_t count, done, labels = p->predictor->model->config.labels.count;
    heed_status status;
    TRY(record_batch_fill(p->records, p->reader, BLOCK_ROWS, BATCH_BYTES, error));
    const heed_record *records = record_batch_items(p->records, &count);
    size_t texts = 0, answered = 0; /* bad records have none */
    for (size_t i = 0; i < count; i++)
        if (!records[i].bad)
            p->texts[texts++] = records[i].text;
    heed_status ran = run_texts(p->probabilities, p->predictor, p->texts, texts, &done, &found);
    size_t at = 0;
    for (; at < count && (records[at].bad || answered < done); at++)
        if (p->sink(p->user, &records[at], records[at].bad ? NULL : p->probabilities + answered++ * labels) != 0)
            return fail(error, HEED_STOPPED, "stopped by the callback at row %llu of %s",
                        (unsigned long long)records[at].row, records[at].file);
    TRY(ran == HEED_OK ? HEED_OK : blame_record(&records[at], ran, &found, error));
    TRY(reader_tell(p->reader, HEED_STAGE_PREDICT, p->listener, &p->watch, "stopped", error));
done:
    return status;
}

heed_status heed_predict_rows(heed_predictor *predictor, heed_reader *reader, heed_predicted_sink sink, void *user,
                              const heed_listener *listener, heed_error *error)
{
    row_prediction p = {predictor, reader, sink, user, listener, .watch = stopwatch_start()};
    heed_status status = allocate_rows(&p, error);
    while (status == HEED_OK)
        status = predict_batch(&p, error);
    record_batch_free(p.records);
    free(p.texts);
    free(p.probabilities);
    return status == HEED_END ? HEED_OK : status;
}
