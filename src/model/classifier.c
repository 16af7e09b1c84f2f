#include "model/classifier.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/scorer.h"
#include "network/token_table.h"

enum { BLOCK_ROWS = 500 };

/* Scratch of one thread for the linear model. */
typedef struct linear_scratch {
    sparse_value *values;
    size_t capacity;
    double *z; /* [outputs] */
    heed_status status;
    heed_error error;
} linear_scratch;

struct classifier {
    const heed_model *model;
    pool *workers;
    size_t outputs;
    size_t room;             /* rows at a time: the largest block so far, so that one row asks for the memory of one */
    float *output;           /* [room][outputs] */
    scorer *scorer;          /* of a network, for room rows */
    token_table *table;      /* of a network's first products; NULL: not yet, or not worth it */
    uint32_t *halved;        /* of a network's weights those kept in bfloat16; NULL: all are read as floats */
    size_t projected;        /* tokens so far whose products a table would have held */
    linear_scratch *scratch; /* of a linear model: [threads] */
    const batch_row *rows;   /* at hand */
};

static heed_status allocate(classifier *c, heed_error *error)
{
    const heed_model *m = c->model;
    c->outputs = m->config.network.outputs;
    if (m->linear == NULL)
        return HEED_OK;
    unsigned threads = pool_threads(c->workers);
    c->scratch = memory_array(threads, sizeof *c->scratch);
    for (unsigned i = 0; i < threads && c->scratch != NULL; i++)
        if ((c->scratch[i].z = memory_array(c->outputs, sizeof *c->scratch[i].z)) == NULL)
            return fail_memory(error, "a classifier");
    return c->scratch == NULL ? fail_memory(error, "a classifier") : HEED_OK;
}

/* Room for at least count rows, which are BLOCK_ROWS at most. */
static heed_status make_room(classifier *c, size_t count, heed_error *error)
{
    if (count <= c->room)
        return HEED_OK;
    size_t room = 1;
    while (room < count)
        room *= 2;
    if (room > BLOCK_ROWS)
        room = BLOCK_ROWS;
    free(c->output);
    scorer_free(c->scorer);
    c->room = 0;
    c->scorer = NULL;
    c->output = memory_array(room * c->outputs, sizeof *c->output);
    heed_status status = c->output == NULL ? fail_memory(error, "a classifier") : HEED_OK;
    if (status == HEED_OK && c->model->linear == NULL)
        status = scorer_new_with_table(&c->scorer, c->model->net, c->table, c->workers, (int)room, error);
    if (status == HEED_OK)
        c->room = room;
    return status;
}

/* In place of the table that there is, and of scratch for the want of one. */
static heed_status make_table(classifier *c, heed_storage storage, heed_error *error)
{
    scorer_free(c->scorer);
    token_table_free(c->table);
    c->scorer = NULL;
    c->table = NULL;
    c->room = 0;
    return token_table_new(&c->table, c->model->net, storage, c->model->weights, c->workers, error);
}

/* A table is made when the products computed without it would have paid for it: at most twice the cost of having known
 * how many rows would come, and a single text waits for none. */
static heed_status count_products(classifier *c, heed_error *error)
{
    c->projected += scorer_projected(c->scorer);
    bool pays = c->table == NULL && c->projected >= c->model->net->spec.vocabulary;
    return pays && token_table_applies(c->model->net, HEED_STORAGE_FLOAT32)
               ? make_table(c, HEED_STORAGE_FLOAT32, error)
               : HEED_OK;
}

heed_status classifier_set_storage(classifier *c, heed_storage storage, heed_error *error)
{
    const heed_model *m = c->model;
    if (storage == HEED_STORAGE_FLOAT32 && (c->table == NULL || c->table->storage == storage))
        return HEED_OK;
    if (m->linear != NULL || !token_table_applies(m->net, storage))
        return fail(error, HEED_USAGE,
                    "storage: found '%.200s', expected lstm, bilstm, gru or bigru directly behind embed, and at most 256 "
                    "MB of products; leave it at float32",
                    m->config.network.architecture);
    return make_table(c, storage, error);
}

heed_status classifier_set_weights(classifier *c, heed_weights weights, heed_error *error)
{
    const heed_model *m = c->model;
    uint32_t *halved = NULL;
    if (weights == HEED_WEIGHTS_BFLOAT16) {
        if (m->linear != NULL || m->net->halved_count == 0)
            return fail(error, HEED_USAGE,
                        "weights: found '%.200s', expected a layer lstm, bilstm, gru or bigru; leave them at float32",
                        m->config.network.architecture);
        halved = memory_aligned(m->net->halved_count, sizeof *halved);
        if (halved == NULL)
            return fail_memory(error, "the weights in bfloat16");
        network_halve(m->net, m->weights, halved);
    }
    free(c->halved);
    c->halved = halved;
    return HEED_OK;
}

heed_status classifier_new(classifier **out, const heed_model *model, pool *workers, heed_error *error)
{
    *out = NULL;
    classifier *c = memory_array(1, sizeof *c);
    if (c == NULL)
        return fail_memory(error, "a classifier");
    c->model = model;
    c->workers = workers;
    heed_status status = allocate(c, error);
    if (status != HEED_OK) {
        classifier_free(c);
        return status;
    }
    *out = c;
    return HEED_OK;
}

void classifier_free(classifier *c)
{
    if (c == NULL)
        return;
    for (unsigned i = 0; c->scratch != NULL && i < pool_threads(c->workers); i++) {
        free(c->scratch[i].values);
        free(c->scratch[i].z);
    }
    free(c->scratch);
    scorer_free(c->scorer);
    token_table_free(c->table);
    free(c->halved);
    free(c->output);
    free(c);
}

static void score_linear_row(void *context, size_t number, unsigned worker)
{
    classifier *c = context;
    linear_scratch *s = &c->scratch[worker];
    const batch_row *row = &c->rows[number];
    const linear *l = c->model->linear;
    size_t length = (size_t)row->length;
    if (s->status == HEED_OK)
        s->status = memory_grow(&s->values, &s->capacity, 2 * length, sizeof *s->values, &s->error);
    if (s->status != HEED_OK)
        return;
    size_t count = ngrams_row(&l->features, row->ids, length, s->values);
    linear_score(l, s->values, count, NULL, s->z, c->output + number * c->outputs);
}

static heed_status score_linear(classifier *c, const batch_row *rows, size_t count, heed_error *error)
{
    unsigned threads = pool_threads(c->workers);
    c->rows = rows;
    for (unsigned i = 0; i < threads; i++)
        c->scratch[i].status = HEED_OK;
    pool_run(c->workers, count, score_linear_row, c);
    for (unsigned i = 0; i < threads; i++)
        if (c->scratch[i].status != HEED_OK)
            return fail(error, c->scratch[i].status, "%s", c->scratch[i].error.message);
    return HEED_OK;
}

static void score_network(classifier *c, const batch_row *rows, int count)
{
    scorer_set_halved(c->scorer, c->halved);
    scorer_run(c->scorer, c->model->weights, rows, count, c->output, NULL);
}

/* One number of a sigmoid stands for two labels. */
static void spread_binary(float *probabilities, const float *output, size_t count, size_t positive)
{
    for (size_t i = 0; i < count; i++) {
        probabilities[2 * i + positive] = output[i];
        probabilities[2 * i + (1 - positive)] = 1 - output[i];
    }
}

heed_status classifier_run(classifier *c, const batch_row *rows, size_t count, float *probabilities, heed_error *error)
{
    const heed_model *m = c->model;
    heed_status status = HEED_OK;
    for (size_t first = 0; first < count && status == HEED_OK; first += BLOCK_ROWS) {
        size_t block = count - first < BLOCK_ROWS ? count - first : BLOCK_ROWS;
        float *to = probabilities + first * m->config.labels.count;
        status = make_room(c, block, error);
        if (status != HEED_OK)
            break;
        if (m->linear != NULL)
            status = score_linear(c, rows + first, block, error);
        else
            score_network(c, rows + first, (int)block);
        if (status == HEED_OK && m->config.labels.task == HEED_TASK_BINARY)
            spread_binary(to, c->output, block, m->config.labels.positive);
        else if (status == HEED_OK)
            memcpy(to, c->output, block * c->outputs * sizeof *to);
        if (status == HEED_OK && m->linear == NULL)
            status = count_products(c, error);
    }
    return status;
}

heed_status classify_examples(float **out, const heed_model *model, const examples *e, pool *workers, heed_error *error)
{
    classifier *classes = NULL;
    batch_row *rows = memory_array(e->count, sizeof *rows);
    float *probabilities = memory_array((size_t)e->count * model->config.labels.count, sizeof *probabilities);
    heed_status status = rows == NULL || probabilities == NULL ? fail_memory(error, "the rows' probabilities")
                                                               : classifier_new(&classes, model, workers, error);
    *out = NULL;
    for (uint32_t i = 0; i < e->count && status == HEED_OK; i++)
        rows[i] = (batch_row){.ids = e->ids + e->first[i], .length = (int)(e->first[i + 1] - e->first[i])};
    if (status == HEED_OK)
        status = classifier_run(classes, rows, e->count, probabilities, error);
    classifier_free(classes);
    free(rows);
    if (status == HEED_OK)
        *out = probabilities;
    else
        free(probabilities);
    return status;
}
