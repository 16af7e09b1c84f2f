#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/initial_weights.h"
#include "network/token_projections.h"
#include "train/lazy_rows.h"

enum { MAX_LANES = 16, BLOCK_WEIGHTS = 4096 };

/* Weights after the embedding whose gradients one task sums over the lanes. */
typedef struct weight_range {
    size_t first, count;
} weight_range;

struct trainer {
    const network *net;
    pool *workers;
    trainer_options options;
    optimizer optimizer;
    lazy_rows embedding;                 /* its rows take their steps when they are needed */
    optimizer_step step, embedding_step; /* differ if the embedding was frozen */
    bool frozen;
    size_t dense_count; /* weights after the embedding */
    real *weights;      /* [weight_count] */
    real *transposed;

    batch *rows;
    pass **pass; /* [threads] */
    int lanes;
    real *lane_gradient;  /* [lanes][dense_count]; the first gets the sum */
    weight_range *ranges; /* all of a lane except what token_projections computes for the whole batch */
    size_t range_count;
    double *chunk_loss;

    batch_tokens tokens;
    real *token_gradient;          /* [distinct][E] */
    bool by_token;                 /* the first layer's projections are computed by token, */
    token_projections projections; /* here, */
    bool by_position;              /* or by position, and dx is */
    real *embedded_gradient;       /* here: [positions of the batch][E]; neither: no ids are embedded */

    double *weight_square; /* of each task's gradient: its share of |g|^2, which also shows whether it is finite */
    double *token_square;  /* [blocks of tokens] */
    size_t dense_blocks;
    double loss, other_square; /* trainer_add_norm */
    uint32_t epoch;
    real *probability;
};

static size_t blocks(size_t count, size_t size)
{
    return (count + size - 1) / size;
}

static void cut(trainer *t, size_t first, size_t end)
{
    for (; first < end; first += t->ranges[t->range_count++].count)
        t->ranges[t->range_count] = (weight_range){first, end - first < BLOCK_WEIGHTS ? end - first : BLOCK_WEIGHTS};
}

/* The weights before, between and after the kernels and biases of projections, whose places rise. */
static void cut_ranges(trainer *t)
{
    size_t first = 0, before = t->net->embedding_count, width = (size_t)t->net->embedded.width;
    for (int i = 0; t->by_token && i < t->net->projection_count; i++) {
        const projection *p = &t->net->projections[i];
        size_t columns = (size_t)p->columns;
        cut(t, first, p->kernel - before);
        first = p->kernel - before + width * columns;
        if (p->bias != NO_BIAS) {
            cut(t, first, p->bias - before);
            first = p->bias - before + columns;
        }
    }
    cut(t, first, t->dense_count);
}

/* Tasks that sum the gradients of the weights after the embedding. */
static size_t weight_tasks(const trainer *t)
{
    return token_projections_weight_tasks(&t->projections) + t->range_count;
}

static heed_status weight_tasks_init(trainer *t, heed_error *error)
{
    t->weight_square = memory_array(weight_tasks(t), sizeof *t->weight_square);
    return t->weight_square == NULL ? fail_memory(error, "training") : HEED_OK;
}

static heed_status allocate(trainer *t, heed_error *error)
{
    const network *net = t->net;
    int batch_rows = t->options.batch_rows;
    size_t vocabulary = net->spec.vocabulary, width = (size_t)net->embedded.width;
    size_t positions = (size_t)batch_rows * net->spec.window, chunks = blocks((size_t)batch_rows, ROWS_PER_CHUNK);
    size_t distinct = positions < vocabulary ? positions : vocabulary;
    heed_status status;
    t->dense_count = net->weight_count - net->embedding_count;
    t->dense_blocks = blocks(t->dense_count, BLOCK_WEIGHTS);
    t->lanes = chunks < MAX_LANES ? (int)chunks : MAX_LANES;
    t->weights = memory_aligned(net->weight_count, sizeof(real));
    t->transposed = memory_aligned(net->transposed_count, sizeof(real));
    t->lane_gradient = memory_aligned((size_t)t->lanes * t->dense_count, sizeof(real));
    t->chunk_loss = memory_array(chunks, sizeof *t->chunk_loss);
    t->by_token = token_projections_apply(net, positions);
    t->by_position = !t->by_token && net->embedding_count > 0;
    t->embedded_gradient = memory_aligned(t->by_position ? positions * width : 0, sizeof(real));
    t->token_gradient = memory_aligned(distinct * width, sizeof(real));
    t->token_square = memory_array(blocks(distinct, TOKENS_PER_TASK), sizeof *t->token_square);
    t->ranges = memory_array(t->dense_blocks + 2 * MAX_PROJECTIONS + 1, sizeof *t->ranges);
    t->pass = memory_array(pool_threads(t->workers), sizeof *t->pass);
    if (!t->weights || !t->transposed || !t->lane_gradient || !t->chunk_loss || !t->embedded_gradient ||
        !t->token_gradient || !t->token_square || !t->ranges || !t->pass)
        return fail_memory(error, "training");
    cut_ranges(t);
    TRY(optimizer_init(&t->optimizer, net, &t->options.optimizer, error));
    TRY(batch_tokens_init(&t->tokens, vocabulary, positions, error));
    TRY(token_projections_init(&t->projections, net, &t->tokens, positions, t->token_gradient, error));
    TRY(weight_tasks_init(t, error));
    TRY(lazy_rows_init(&t->embedding, &t->optimizer, t->options.lazy_steps, error));
    TRY(batch_new(&t->rows, net, batch_rows, error));
    for (unsigned i = 0; i < pool_threads(t->workers); i++)
        TRY(pass_new(&t->pass[i], net, ROWS_PER_CHUNK, (int)net->spec.window, true, error));
done:
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
    heed_status status;
    TRY(allocate(t, error));
    TRY(network_initialize(net, t->weights, options->seed, error));
    trainer_restart(t);
    *out = t;
    return HEED_OK;
done:
    trainer_free(t);
    return status;
}

void trainer_free(trainer *t)
{
    if (t == NULL)
        return;
    for (unsigned i = 0; t->pass != NULL && i < pool_threads(t->workers); i++)
        pass_free(t->pass[i]);
    batch_free(t->rows);
    lazy_rows_release(&t->embedding);
    optimizer_release(&t->optimizer);
    batch_tokens_release(&t->tokens);
    token_projections_release(&t->projections);
    free(t->weights);
    free(t->transposed);
    free(t->lane_gradient);
    free(t->chunk_loss);
    free(t->embedded_gradient);
    free(t->token_gradient);
    free(t->ranges);
    free(t->weight_square);
    free(t->token_square);
    free(t->pass);
    free(t);
}

/* ---- rows of the embedding take the steps that they missed: all rows, or those of the batch */

static void level_vocabulary(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    size_t first = block * TOKENS_PER_TASK, rest = t->net->spec.vocabulary - first;
    (void)worker;
    for (size_t i = 0; i < rest && i < TOKENS_PER_TASK; i++)
        lazy_rows_level(&t->embedding, first + i, t->weights);
}

/* Fetches the row of a token that comes a little later in the batch. */
static void fetch_ahead(const trainer *t, size_t i)
{
    enum { TOKENS_AHEAD = 4 };
    if (lazy_rows_wait(&t->embedding) && i + TOKENS_AHEAD < t->tokens.distinct)
        lazy_rows_fetch(&t->embedding, t->tokens.id[i + TOKENS_AHEAD], t->weights);
}

static void level_batch(trainer *t, size_t block)
{
    size_t first = block * TOKENS_PER_TASK, rest = t->tokens.distinct - first;
    for (size_t i = first; i < first + rest && i < first + TOKENS_PER_TASK; i++) {
        fetch_ahead(t, i);
        lazy_rows_level(&t->embedding, t->tokens.id[i], t->weights);
    }
}

static void level_all(trainer *t)
{
    if (t->embedding.count == 0)
        return;
    if (lazy_rows_wait(&t->embedding))
        pool_run(t->workers, blocks(t->net->spec.vocabulary, TOKENS_PER_TASK), level_vocabulary, t);
    lazy_rows_cleared(&t->embedding);
}

real *trainer_weights(trainer *t)
{
    level_all(t);
    return t->weights;
}

void trainer_restart(trainer *t)
{
    optimizer_restart(&t->optimizer);
    lazy_rows_restart(&t->embedding);
    t->step = t->embedding_step = (optimizer_step){0};
}

trainer_state trainer_state_of(trainer *t)
{
    level_all(t);
    return (trainer_state){.moved = {t->weights, t->optimizer.moment1, t->optimizer.moment2, t->net->weight_count},
                           .steps = t->step.number,
                           .embedding_steps = t->embedding_step.number};
}

void trainer_continue(trainer *t, uint64_t steps, uint64_t embedding_steps)
{
    lazy_rows_continue(&t->embedding);
    t->step = (optimizer_step){.number = steps};
    t->embedding_step = (optimizer_step){.number = embedding_steps};
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
    p->transposed = t->transposed;
    p->gradient = gradient;
    p->chunk = c;
    p->seed = t->options.seed;
    p->epoch = t->epoch;
    p->row_share = 1.0 / t->rows->rows;
    if (t->by_token)
        token_projections_lend(&t->projections, p, t->rows->first_position[number]);
    if (t->by_position)
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
    for (size_t i = 0; i < t->range_count; i++)
        memset(gradient + t->ranges[i].first, 0, t->ranges[i].count * sizeof *gradient);
    for (size_t number = lane; number < (size_t)t->rows->chunk_count; number += (size_t)t->lanes)
        run_chunk(t, t->pass[worker], number, gradient);
}

/* How many lanes have chunks of this batch; at least the first, which gets the sum. */
static int lanes_in_use(const trainer *t)
{
    int chunks = t->rows->chunk_count < 1 ? 1 : t->rows->chunk_count;
    return chunks < t->lanes ? chunks : t->lanes;
}

/* Brings the embedding of a block of tokens up to date, and projects it. */
static void begin_tokens(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    (void)worker;
    if (t->embedding.count > 0)
        level_batch(t, block);
    if (t->by_token)
        token_projections_forward_task(&t->projections, block);
}

/* The gradients of a block of tokens, dW of embedding.c. */
static void sum_tokens(trainer *t, size_t block)
{
    const kernels *k = t->net->kernels;
    const batch_tokens *tokens = &t->tokens;
    if (t->by_token) {
        t->token_square[block] = token_projections_token_task(&t->projections, block);
        return;
    }
    size_t width = (size_t)t->net->embedded.width, first = block * TOKENS_PER_TASK;
    size_t end = first + TOKENS_PER_TASK < tokens->distinct ? first + TOKENS_PER_TASK : tokens->distinct;
    size_t listed = tokens->first[tokens->distinct];
    for (size_t i = first; i < end; i++) {
        size_t at = tokens->first[i], count = tokens->first[i + 1] - at;
        k->sum_listed(width, t->embedded_gradient, tokens->position + at, count, listed - at,
                      t->token_gradient + i * width);
    }
    t->token_square[block] = k->sum_squares((end - first) * width, t->token_gradient + first * width);
}

/* The gradients of a range of weights, summed over the lanes. */
static void sum_lanes(trainer *t, size_t number)
{
    const kernels *k = t->net->kernels;
    const weight_range *p = &t->ranges[number];
    real *sum = t->lane_gradient + p->first;
    matrix others = matrix_spaced(sum + t->dense_count, lanes_in_use(t) - 1, (int)p->count, (ptrdiff_t)t->dense_count);
    sum_rows(k, others, sum);
    t->weight_square[token_projections_weight_tasks(&t->projections) + number] = k->sum_squares(p->count, sum);
}

static size_t token_blocks(const trainer *t)
{
    return blocks(t->tokens.distinct, TOKENS_PER_TASK);
}

/* The smaller tasks come last, so that no thread waits long for another. */
static void sum_gradients(void *context, size_t task, unsigned worker)
{
    trainer *t = context;
    (void)worker;
    if (task < token_blocks(t))
        sum_tokens(t, task);
    else
        sum_lanes(t, task - token_blocks(t));
}

/* The gradients of the weights of projections, from what sum_gradients has computed by token. */
static void sum_projections(void *context, size_t task, unsigned worker)
{
    trainer *t = context;
    (void)worker;
    t->weight_square[task] = token_projections_weight_task(&t->projections, task, t->lane_gradient);
}

/* The next batch, which one thread packs while others transpose the weights. */
typedef struct packing {
    trainer *trainer;
    const batch_row *rows;
    int count;
} packing;

static void pack(void *context)
{
    const packing *next = context;
    trainer *t = next->trainer;
    batch_pack(t->rows, next->rows, next->count);
    if (t->net->embedding_count > 0)
        batch_tokens_list(&t->tokens, t->rows->ids, t->rows->first_position[t->rows->chunk_count]);
    if (t->by_token)
        token_projections_pack(&t->projections, t->rows->packed_at);
}

static void transpose_layer(void *context, size_t layer, unsigned worker)
{
    trainer *t = context;
    (void)worker;
    network_transpose_layer(t->net, (int)layer, t->weights, t->transposed);
}

void trainer_gradient(trainer *t, const batch_row *rows, int count, uint32_t epoch, double *loss, real *probability)
{
    packing next = {t, rows, count};
    t->epoch = epoch;
    t->other_square = 0;
    t->probability = probability;
    pool_run_beside(t->workers, (size_t)t->net->layer_count, transpose_layer, t, pack, &next);
    if (t->by_token)
        token_projections_begin(&t->projections, t->weights, t->transposed);
    if (t->by_token || t->embedding.count > 0)
        pool_run(t->workers, token_blocks(t), begin_tokens, t);
    pool_run(t->workers, (size_t)lanes_in_use(t), run_lane, t);
    pool_run(t->workers, token_blocks(t) + t->range_count, sum_gradients, t);
    pool_run(t->workers, token_projections_weight_tasks(&t->projections), sum_projections, t);
    t->loss = 0;
    for (int i = 0; i < t->rows->chunk_count; i++)
        t->loss += t->chunk_loss[i];
    *loss = t->loss;
}

void trainer_copy_gradient(const trainer *t, real *out)
{
    size_t width = (size_t)t->net->embedded.width;
    memset(out, 0, t->net->embedding_count * sizeof *out);
    for (size_t i = 0; i < t->tokens.distinct; i++)
        memcpy(out + t->tokens.id[i] * width, t->token_gradient + i * width, width * sizeof *out);
    memcpy(out + t->net->embedding_count, t->lane_gradient, t->dense_count * sizeof *out);
}

static double sum_of(const double *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    return sum;
}

/* The squared norm of the gradient. */
static double squared_norm(const trainer *t, bool with_embedding)
{
    return sum_of(t->weight_square, weight_tasks(t)) + sum_of(t->token_square, with_embedding ? token_blocks(t) : 0);
}

void trainer_add_norm(trainer *t, double square)
{
    t->other_square = square;
}

double trainer_square_norm(const trainer *t)
{
    return t->other_square + squared_norm(t, !t->frozen);
}

bool trainer_finite(const trainer *t)
{
    return isfinite(t->loss + t->other_square + squared_norm(t, true));
}

/* ---- update */

/* The tokens of the batch; or, if no row waits, all rows in their order, which is faster to read. */
static size_t tokens_to_move(const trainer *t)
{
    return t->frozen ? 0 : lazy_rows_wait(&t->embedding) ? t->tokens.distinct : t->net->spec.vocabulary;
}

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
    size_t width = (size_t)t->net->embedded.width, first = (block - t->dense_blocks) * TOKENS_PER_TASK;
    size_t rest = tokens_to_move(t) - first, last = first + (rest < TOKENS_PER_TASK ? rest : TOKENS_PER_TASK);
    for (size_t i = first; i < last; i++) {
        uint32_t id = lazy_rows_wait(&t->embedding) ? t->tokens.id[i] : (uint32_t)i;
        fetch_ahead(t, i);
        if (t->tokens.place[id] == NOT_IN_BATCH)
            lazy_rows_level(&t->embedding, id, t->weights);
        else
            lazy_rows_move(&t->embedding, id, t->token_gradient + (size_t)t->tokens.place[id] * width, t->weights);
    }
}

void trainer_update(trainer *t, double learning_rate)
{
    double square = trainer_square_norm(t);
    t->step = optimizer_step_of(&t->optimizer, t->step.number, learning_rate, square);
    if (!t->frozen) {
        t->embedding_step = optimizer_step_of(&t->optimizer, t->embedding_step.number, learning_rate, square);
        lazy_rows_step(&t->embedding, &t->embedding_step);
    }
    pool_run(t->workers, t->dense_blocks + blocks(tokens_to_move(t), TOKENS_PER_TASK), update_block, t);
    if (lazy_rows_full(&t->embedding))
        level_all(t);
}

void trainer_freeze(trainer *t, bool frozen)
{
    t->frozen = frozen;
}
