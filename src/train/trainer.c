#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

enum { MAX_LANES = 16, BLOCK_WEIGHTS = 4096, BLOCK_TOKENS = 64, NOT_IN_BATCH = -1 };

struct trainer {
    const network *net;
    pool *workers;
    double learning_rate;
    uint64_t seed, steps;
    uint64_t embedding_steps; /* those of the embedding, which may be frozen */
    bool frozen;
    size_t dense_count;                /* weights behind the embedding */
    real *weights, *moment1, *moment2; /* [weight_count] */
    real *prepared;

    batch *rows;
    pass **pass; /* [threads] */
    int lanes;
    real *lane_gradient; /* [lanes][dense_count]; the sum ends in the first */
    double *chunk_loss;
    real *embedded_gradient; /* [positions of the batch][E] */

    /* the batch's distinct tokens, in order of first sight, and their positions */
    int *token_place;       /* [V]: which distinct token, or NOT_IN_BATCH */
    uint32_t *token;        /* [distinct] */
    size_t *token_first;    /* [distinct + 1] into token_position */
    size_t *token_position; /* positions of the batch, by token */
    real *token_gradient;   /* [distinct][E] */
    size_t distinct;

    real *block_square; /* sum of squares of a block's gradient: finite or not */
    size_t dense_blocks;
    double loss;
    uint32_t epoch;
    real *probability;
};

static size_t blocks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static heed_status allocate(trainer *t, int batch_rows, heed_error *error)
{
    const network *net = t->net;
    size_t vocabulary = net->spec.vocabulary, width = (size_t)net->embedded.width;
    size_t positions = (size_t)batch_rows * net->spec.window, chunks = blocks((size_t)batch_rows, ROWS_PER_CHUNK);
    size_t distinct = positions < vocabulary ? positions : vocabulary;
    t->dense_count = net->weight_count - net->embedding_count;
    t->dense_blocks = blocks(t->dense_count, BLOCK_WEIGHTS);
    t->lanes = chunks < MAX_LANES ? (int)chunks : MAX_LANES;
    t->weights = memory_aligned(net->weight_count, sizeof(real));
    t->moment1 = memory_aligned(net->weight_count, sizeof(real));
    t->moment2 = memory_aligned(net->weight_count, sizeof(real));
    t->prepared = memory_aligned(net->prepared_count, sizeof(real));
    t->lane_gradient = memory_aligned((size_t)t->lanes * t->dense_count, sizeof(real));
    t->chunk_loss = memory_array(chunks, sizeof *t->chunk_loss);
    t->embedded_gradient = memory_aligned(positions * width, sizeof(real));
    t->token_place = memory_array(vocabulary, sizeof *t->token_place);
    t->token = memory_array(distinct, sizeof *t->token);
    t->token_first = memory_array(distinct + 1, sizeof *t->token_first);
    t->token_position = memory_array(positions, sizeof *t->token_position);
    t->token_gradient = memory_aligned(distinct * width, sizeof(real));
    t->block_square = memory_array(t->dense_blocks + blocks(distinct, BLOCK_TOKENS), sizeof *t->block_square);
    t->pass = memory_array(pool_threads(t->workers), sizeof *t->pass);
    if (!t->weights || !t->moment1 || !t->moment2 || !t->prepared || !t->lane_gradient || !t->chunk_loss ||
        !t->embedded_gradient || !t->token_place || !t->token || !t->token_first || !t->token_position ||
        !t->token_gradient || !t->block_square || !t->pass)
        return fail_memory(error, "training");
    heed_status status = batch_new(&t->rows, net, batch_rows, error);
    for (unsigned i = 0; i < pool_threads(t->workers) && status == HEED_OK; i++)
        status = pass_new(&t->pass[i], net, ROWS_PER_CHUNK, (int)net->spec.window, true, error);
    return status;
}

heed_status trainer_new(trainer **out, const network *net, pool *workers, int batch_rows, double learning_rate,
                        uint64_t seed, heed_error *error)
{
    *out = NULL;
    trainer *t = memory_array(1, sizeof *t);
    if (t == NULL)
        return fail_memory(error, "training");
    t->net = net;
    t->workers = workers;
    t->learning_rate = learning_rate;
    t->seed = seed;
    heed_status status = allocate(t, batch_rows, error);
    if (status == HEED_OK)
        status = network_initialize(net, t->weights, seed, error);
    if (status != HEED_OK) {
        trainer_free(t);
        return status;
    }
    for (size_t i = 0; i < net->spec.vocabulary; i++)
        t->token_place[i] = NOT_IN_BATCH;
    trainer_restart(t);
    *out = t;
    return HEED_OK;
}

void trainer_free(trainer *t)
{
    if (t == NULL)
        return;
    for (unsigned i = 0; t->pass != NULL && i < pool_threads(t->workers); i++)
        pass_free(t->pass[i]);
    batch_free(t->rows);
    free(t->weights);
    free(t->moment1);
    free(t->moment2);
    free(t->prepared);
    free(t->lane_gradient);
    free(t->chunk_loss);
    free(t->embedded_gradient);
    free(t->token_place);
    free(t->token);
    free(t->token_first);
    free(t->token_position);
    free(t->token_gradient);
    free(t->block_square);
    free(t->pass);
    free(t);
}

real *trainer_weights(trainer *t)
{
    return t->weights;
}

void trainer_restart(trainer *t)
{
    memset(t->moment1, 0, t->net->weight_count * sizeof(real));
    memset(t->moment2, 0, t->net->weight_count * sizeof(real));
    t->steps = t->embedding_steps = 0;
    network_prepare(t->net, t->weights, t->prepared);
}

/* ---- gradient of a batch */

static void run_chunk(trainer *t, pass *p, size_t number, real *gradient)
{
    const chunk *c = &t->rows->chunks[number];
    size_t outputs = t->net->spec.outputs;
    p->weights = t->weights;
    p->prepared = t->prepared;
    p->gradient = gradient;
    p->chunk = c;
    p->seed = t->seed;
    p->epoch = t->epoch;
    p->row_share = 1.0 / t->rows->rows;
    p->slot[t->net->embedded.gradient] =
        t->embedded_gradient + t->rows->first_position[number] * (size_t)t->net->embedded.width;
    network_forward(p);
    network_backward(p);
    t->chunk_loss[number] = p->loss;
    const int *order = t->rows->order + number * ROWS_PER_CHUNK;
    for (int r = 0; r < c->rows && t->probability != NULL; r++)
        memcpy(t->probability + (size_t)order[r] * outputs, p->slot[t->net->probability] + (size_t)r * outputs,
               outputs * sizeof(real));
}

static void run_lane(void *context, size_t lane, unsigned worker)
{
    trainer *t = context;
    real *gradient = t->lane_gradient + lane * t->dense_count;
    memset(gradient, 0, t->dense_count * sizeof *gradient);
    for (size_t number = lane; number < (size_t)t->rows->chunk_count; number += (size_t)t->lanes)
        run_chunk(t, t->pass[worker], number, gradient);
}

/* Which positions of the batch hold which token. */
static void list_tokens(trainer *t)
{
    const uint32_t *ids = t->rows->ids;
    size_t positions = t->rows->first_position[t->rows->chunk_count];
    for (size_t i = 0; i < t->distinct; i++)
        t->token_place[t->token[i]] = NOT_IN_BATCH;
    t->distinct = 0;
    for (size_t i = 0; i < positions; i++) {
        if (t->token_place[ids[i]] == NOT_IN_BATCH) {
            t->token_place[ids[i]] = (int)t->distinct;
            t->token_first[t->distinct] = 0;
            t->token[t->distinct++] = ids[i];
        }
        t->token_first[t->token_place[ids[i]]]++;
    }
    size_t end = 0;
    for (size_t i = 0; i < t->distinct; i++) { /* ends, which the loop below turns into beginnings */
        end += t->token_first[i];
        t->token_first[i] = end;
    }
    t->token_first[t->distinct] = end;
    for (size_t i = positions; i > 0; i--)
        t->token_position[--t->token_first[t->token_place[ids[i - 1]]]] = i - 1;
}

static real square_sum(const real *x, size_t count)
{
    real sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i] * x[i];
    return sum;
}

/* The sum over lanes for a block of weights, or over positions for a block of tokens. */
static void sum_block(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    const kernels *k = t->net->kernels;
    (void)worker;
    if (block < t->dense_blocks) {
        size_t first = block * BLOCK_WEIGHTS, rest = t->dense_count - first;
        size_t count = rest < BLOCK_WEIGHTS ? rest : BLOCK_WEIGHTS;
        real *sum = t->lane_gradient + first;
        for (int lane = 1; lane < t->lanes; lane++)
            k->add(count, sum + (size_t)lane * t->dense_count, sum);
        t->block_square[block] = square_sum(sum, count);
        return;
    }
    size_t width = (size_t)t->net->embedded.width, first = (block - t->dense_blocks) * BLOCK_TOKENS;
    size_t last = first + BLOCK_TOKENS < t->distinct ? first + BLOCK_TOKENS : t->distinct;
    memset(t->token_gradient + first * width, 0, (last - first) * width * sizeof(real));
    for (size_t i = first; i < last; i++)
        for (size_t j = t->token_first[i]; j < t->token_first[i + 1]; j++)
            k->add(width, t->embedded_gradient + t->token_position[j] * width, t->token_gradient + i * width);
    t->block_square[block] = square_sum(t->token_gradient + first * width, (last - first) * width);
}

void trainer_gradient(trainer *t, const batch_row *rows, int count, uint32_t epoch, double *loss, real *probability)
{
    batch_pack(t->rows, rows, count);
    t->epoch = epoch;
    t->probability = probability;
    pool_run(t->workers, (size_t)t->lanes, run_lane, t);
    list_tokens(t);
    pool_run(t->workers, t->dense_blocks + blocks(t->distinct, BLOCK_TOKENS), sum_block, t);
    t->loss = 0;
    for (int i = 0; i < t->rows->chunk_count; i++)
        t->loss += t->chunk_loss[i];
    *loss = t->loss;
}

void trainer_copy_gradient(const trainer *t, real *out)
{
    size_t width = (size_t)t->net->embedded.width;
    memset(out, 0, t->net->embedding_count * sizeof *out);
    for (size_t i = 0; i < t->distinct; i++)
        memcpy(out + t->token[i] * width, t->token_gradient + i * width, width * sizeof *out);
    memcpy(out + t->net->embedding_count, t->lane_gradient, t->dense_count * sizeof *out);
}

bool trainer_finite(const trainer *t)
{
    double sum = t->loss;
    for (size_t i = 0; i < t->dense_blocks + blocks(t->distinct, BLOCK_TOKENS); i++)
        sum += (double)t->block_square[i];
    return isfinite(sum);
}

/* ---- update */

static real adam_rate(const trainer *t, uint64_t steps)
{
    double step = (double)steps;
    return (real)(t->learning_rate * sqrt(1 - pow(0.999, step)) / (1 - pow(0.9, step)));
}

static void update_block(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    const kernels *k = t->net->kernels;
    (void)worker;
    if (block < t->dense_blocks) {
        real rate = adam_rate(t, t->steps);
        size_t first = block * BLOCK_WEIGHTS, rest = t->dense_count - first, at = t->net->embedding_count + first;
        k->adam(rest < BLOCK_WEIGHTS ? rest : BLOCK_WEIGHTS, rate, t->lane_gradient + first, t->weights + at,
                t->moment1 + at, t->moment2 + at);
        return;
    }
    real rate = adam_rate(t, t->embedding_steps);
    size_t width = (size_t)t->net->embedded.width, first = (block - t->dense_blocks) * BLOCK_TOKENS;
    for (size_t id = first; id < first + BLOCK_TOKENS && id < t->net->spec.vocabulary; id++) {
        const real *gradient =
            t->token_place[id] == NOT_IN_BATCH ? NULL : t->token_gradient + (size_t)t->token_place[id] * width;
        k->adam(width, rate, gradient, t->weights + id * width, t->moment1 + id * width, t->moment2 + id * width);
    }
}

void trainer_update(trainer *t)
{
    t->steps++;
    t->embedding_steps += !t->frozen;
    size_t tokens = t->frozen ? 0 : blocks(t->net->spec.vocabulary, BLOCK_TOKENS);
    pool_run(t->workers, t->dense_blocks + tokens, update_block, t);
    network_prepare(t->net, t->weights, t->prepared);
}

void trainer_freeze(trainer *t, bool frozen)
{
    t->frozen = frozen;
}
