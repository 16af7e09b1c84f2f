#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/token_products.h"
#include "train/late_rows.h"

enum { MAX_LANES = 16, BLOCK_WEIGHTS = 4096, BLOCK_TOKENS = 64 };

struct trainer {
    const network *net;
    pool *workers;
    trainer_options options;
    optimizer optimizer;
    late_rows embedding; /* its rows take their steps when they are wanted */
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

    batch_tokens tokens;
    real *token_gradient;    /* [distinct][E] */
    bool by_token;           /* the first layer's products are computed by token, */
    token_products products; /* here, */
    real *embedded_gradient; /* or else by position, and leave their gradient here: [positions of the batch][E] */

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
    t->by_token = token_products_apply(net, positions);
    t->embedded_gradient = memory_aligned(t->by_token ? 0 : positions * width, sizeof(real));
    t->token_gradient = memory_aligned(distinct * width, sizeof(real));
    t->block_square = memory_array(t->dense_blocks + blocks(distinct, BLOCK_TOKENS), sizeof *t->block_square);
    t->pass = memory_array(pool_threads(t->workers), sizeof *t->pass);
    if (!t->weights || !t->prepared || !t->lane_gradient || !t->chunk_loss || !t->embedded_gradient ||
        !t->token_gradient || !t->block_square || !t->pass)
        return fail_memory(error, "training");
    heed_status status = optimizer_init(&t->optimizer, net, &t->options.optimizer, error);
    if (status == HEED_OK)
        status = batch_tokens_init(&t->tokens, vocabulary, positions, error);
    if (status == HEED_OK)
        status = token_products_init(&t->products, net, &t->tokens, positions, t->token_gradient, error);
    if (status == HEED_OK)
        status = late_rows_init(&t->embedding, &t->optimizer, t->options.late_steps, error);
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
    late_rows_release(&t->embedding);
    optimizer_release(&t->optimizer);
    batch_tokens_release(&t->tokens);
    token_products_release(&t->products);
    free(t->weights);
    free(t->prepared);
    free(t->lane_gradient);
    free(t->chunk_loss);
    free(t->embedded_gradient);
    free(t->token_gradient);
    free(t->block_square);
    free(t->pass);
    free(t);
}

/* ---- rows of the embedding take the steps they missed: all of them, or those of the batch at hand */

static void level_vocabulary(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    size_t first = block * BLOCK_TOKENS, rest = t->net->spec.vocabulary - first;
    (void)worker;
    for (size_t i = 0; i < rest && i < BLOCK_TOKENS; i++)
        late_rows_level(&t->embedding, first + i, t->weights);
}

static void level_batch(void *context, size_t block, unsigned worker)
{
    trainer *t = context;
    size_t first = block * BLOCK_TOKENS, rest = t->tokens.distinct - first;
    (void)worker;
    for (size_t i = 0; i < rest && i < BLOCK_TOKENS; i++)
        late_rows_level(&t->embedding, t->tokens.id[first + i], t->weights);
}

static void level_all(trainer *t)
{
    if (t->embedding.count == 0)
        return;
    if (late_rows_wait(&t->embedding))
        pool_run(t->workers, blocks(t->net->spec.vocabulary, BLOCK_TOKENS), level_vocabulary, t);
    late_rows_cleared(&t->embedding);
}

real *trainer_weights(trainer *t)
{
    level_all(t);
    return t->weights;
}

void trainer_restart(trainer *t)
{
    optimizer_restart(&t->optimizer);
    late_rows_restart(&t->embedding);
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
    if (t->by_token)
        token_products_lend(&t->products, p, t->rows->first_position[number]);
    else
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
    const batch_tokens *tokens = &t->tokens;
    size_t last = first + BLOCK_TOKENS < tokens->distinct ? first + BLOCK_TOKENS : tokens->distinct;
    if (!t->by_token) {
        memset(t->token_gradient + first * width, 0, (last - first) * width * sizeof(real));
        for (size_t i = first; i < last; i++)
            for (size_t j = tokens->first[i]; j < tokens->first[i + 1]; j++)
                k->add(width, t->embedded_gradient + tokens->position[j] * width, t->token_gradient + i * width);
    }
    t->block_square[block] = square_sum(t->token_gradient + first * width, (last - first) * width);
}

void trainer_gradient(trainer *t, const batch_row *rows, int count, uint32_t epoch, double *loss, real *probability)
{
    batch_pack(t->rows, rows, count);
    t->epoch = epoch;
    t->probability = probability;
    batch_tokens_list(&t->tokens, t->rows->ids, t->rows->first_position[t->rows->chunk_count]);
    if (t->embedding.count > 0)
        pool_run(t->workers, blocks(t->tokens.distinct, BLOCK_TOKENS), level_batch, t);
    if (t->by_token)
        token_products_forward(&t->products, t->workers, t->weights, t->prepared);
    pool_run(t->workers, (size_t)t->lanes, run_lane, t);
    if (t->by_token)
        token_products_backward(&t->products, t->workers, t->lane_gradient);
    pool_run(t->workers, t->dense_blocks + blocks(t->tokens.distinct, BLOCK_TOKENS), sum_block, t);
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

static double blocks_square(const trainer *t, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += t->block_square[i];
    return sum;
}

bool trainer_finite(const trainer *t)
{
    return isfinite(t->loss + blocks_square(t, t->dense_blocks + blocks(t->tokens.distinct, BLOCK_TOKENS)));
}

/* ---- update */

/* Those of the batch; where no row waits all of them, in their order, which memory likes better. */
static size_t tokens_to_move(const trainer *t)
{
    return t->frozen ? 0 : late_rows_wait(&t->embedding) ? t->tokens.distinct : t->net->spec.vocabulary;
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
    size_t width = (size_t)t->net->embedded.width, first = (block - t->dense_blocks) * BLOCK_TOKENS;
    size_t rest = tokens_to_move(t) - first, last = first + (rest < BLOCK_TOKENS ? rest : BLOCK_TOKENS);
    for (size_t i = first; i < last; i++) {
        uint32_t id = late_rows_wait(&t->embedding) ? t->tokens.id[i] : (uint32_t)i;
        if (t->tokens.place[id] == NOT_IN_BATCH)
            late_rows_level(&t->embedding, id, t->weights);
        else
            late_rows_move(&t->embedding, id, t->token_gradient + (size_t)t->tokens.place[id] * width, t->weights);
    }
}

void trainer_update(trainer *t, double learning_rate)
{
    size_t summed = t->dense_blocks + (t->frozen ? 0 : blocks(t->tokens.distinct, BLOCK_TOKENS));
    double square = blocks_square(t, summed);
    t->step = optimizer_step_of(&t->optimizer, t->step.number, learning_rate, square);
    if (!t->frozen) {
        t->embedding_step = optimizer_step_of(&t->optimizer, t->embedding_step.number, learning_rate, square);
        late_rows_step(&t->embedding, &t->embedding_step);
    }
    pool_run(t->workers, t->dense_blocks + blocks(tokens_to_move(t), BLOCK_TOKENS), update_block, t);
    if (late_rows_full(&t->embedding))
        level_all(t);
    network_prepare(t->net, t->weights, t->prepared);
}

void trainer_freeze(trainer *t, bool frozen)
{
    t->frozen = frozen;
}
