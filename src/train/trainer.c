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
    trainer_options options;
    optimizer optimizer;
    optimizer_step step, embedding_step; /* the embedding may be frozen, and have had fewer of them */
    bool frozen;
    size_t dense_count; /* weights behind the embedding */
    real *weights;      /* [weight_count] */
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

    double *block_square; /* sum of squares of a block's gradient: finite or not, and its share of the norm */
    size_t dense_blocks;
    double loss;
    uint32_t epoch;
    real *probability;
};

static size_t blocks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static heed_status allocate(trainer *t, heed_error *error)
{
    const network *net = t->net;
    int batch_rows = t->options.batch_rows;
    size_t vocabulary = net->spec.vocabulary, width = (size_t)net->embedded.width;
    size_t positions = (size_t)batch_rows * net->spec.window, chunks = blocks((size_t)batch_rows, ROWS_PER_CHUNK);
    size_t distinct = positions < vocabulary ? positions : vocabulary;
    t->dense_count = net->weight_count - net->embedding_count;
    t->dense_blocks = blocks(t->dense_count, BLOCK_WEIGHTS);
    t->lanes = chunks < MAX_LANES ? (int)chunks : MAX_LANES;
    t->weights = memory_aligned(net->weight_count, sizeof(real));
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
    if (!t->weights || !t->prepared || !t->lane_gradient || !t->chunk_loss || !t->embedded_gradient ||
        !t->token_place || !t->token || !t->token_first || !t->token_position || !t->token_gradient ||
        !t->block_square || !t->pass)
        return fail_memory(error, "training");
    heed_status status = optimizer_init(&t->optimizer, net, &t->options.optimizer, error);
    if (status == HEED_OK)
        status = batch_new(&t->rows, net, batch_rows, error);
    for (unsigned i = 0; i < pool_threads(t->workers) && status == HEED_OK; i++)
        status = pass_new(&t->pass[i], net, ROWS_PER_CHUNK, (int)net->spec.window, true, error);
    return status;
}

heed_status trainer_new(trainer **out, const network *net, pool *workers, const trainer_options *options,
                        heed_error *error)
{
    *out = NULL;
    trainer *t = memory_array(1, sizeof *t);
    if (t == NULL)
        return fail_memory(error, "training");
    t->net = net;
    t->workers = workers;
    t->options = *options;
    heed_status status = allocate(t, error);
    if (status == HEED_OK)
        status = network_initialize(net, t->weights, options->seed, error);
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
    optimizer_release(&t->optimizer);
    free(t->weights);
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
    optimizer_restart(&t->optimizer);
    t->step = t->embedding_step = (optimizer_step){0};
    network_prepare(t->net, t->weights, t->prepared);
}

void trainer_shape_loss(trainer *t, double smoothing, const double *class_weight)
{
    batch_shape_loss(t->rows, smoothing, class_weight);
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
    p->seed = t->options.seed;
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

/* The sum in double, the squares not: one too large for Adam's second moment has to be seen. */
static double square_sum(const real *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)(x[i] * x[i]);
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

static double blocks_square(const trainer *t, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += t->block_square[i];
    return sum;
}

bool trainer_finite(const trainer *t)
{
    return isfinite(t->loss + blocks_square(t, t->dense_blocks + blocks(t->distinct, BLOCK_TOKENS)));
}

/* ---- update */

static void update_block(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    const optimizer *o = &t->optimizer;
    (void)worker;
    if (block < t->dense_blocks) {
        size_t first = block * BLOCK_WEIGHTS, rest = t->dense_count - first, at = t->net->embedding_count + first;
        size_t count = rest < BLOCK_WEIGHTS ? rest : BLOCK_WEIGHTS;
        optimizer_decay(o, &t->step, at, count, t->weights);
        optimizer_move(o, &t->step, at, count, t->lane_gradient + first, t->weights);
        return;
    }
    size_t width = (size_t)t->net->embedded.width, first = (block - t->dense_blocks) * BLOCK_TOKENS;
    size_t last = first + BLOCK_TOKENS < t->net->spec.vocabulary ? first + BLOCK_TOKENS : t->net->spec.vocabulary;
    optimizer_decay(o, &t->embedding_step, first * width, (last - first) * width, t->weights);
    for (size_t id = first; id < last; id++) {
        real *gradient =
            t->token_place[id] == NOT_IN_BATCH ? NULL : t->token_gradient + (size_t)t->token_place[id] * width;
        optimizer_move(o, &t->embedding_step, id * width, width, gradient, t->weights);
    }
}

void trainer_update(trainer *t, double learning_rate)
{
    size_t tokens = t->frozen ? 0 : blocks(t->net->spec.vocabulary, BLOCK_TOKENS);
    size_t moved = t->dense_blocks + (t->frozen ? 0 : blocks(t->distinct, BLOCK_TOKENS));
    double square = blocks_square(t, moved);
    t->step = optimizer_step_of(&t->optimizer, t->step.number, learning_rate, square);
    if (!t->frozen)
        t->embedding_step = optimizer_step_of(&t->optimizer, t->embedding_step.number, learning_rate, square);
    pool_run(t->workers, t->dense_blocks + tokens, update_block, t);
    network_prepare(t->net, t->weights, t->prepared);
}

void trainer_freeze(trainer *t, bool frozen)
{
    t->frozen = frozen;
}
