#include "train/encoder_trainer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_pass.h"
#include "encoder/flat_weights.h"
#include "text/vocabulary.h"

enum { BLOCK_WEIGHTS = 4096 };

/* Some weights of one tensor: the task of a thread. */
typedef struct weight_range {
    size_t first, count; /* in the flat weights */
    int depth;           /* blocks from here up to the last one, itself not counted; of the embeddings: all */
    bool decays;
} weight_range;

struct encoder_trainer {
    shared_encoder *own;
    pool *workers;
    encoder_pass *pass;
    optimizer optimizer; /* whose moments are [flat_count]; the words' are never touched */
    encoder_steps how;
    encoder_memory memory;
    optimizer_step *steps; /* [layers + 1]: by depth */
    size_t words;          /* weights before the others: word embeddings */
    real *weights;         /* of own */
    real *gradient;        /* [flat_count], of which the words' is not written */
    real *kept;            /* [flat_count - words] */
    weight_range *ranges;
    size_t range_count, range_room;
    double *square; /* [ranges] */
    /* the batch: */
    size_t tokens; /* that there is room for */
    uint32_t *ids;
    int *lengths;
    size_t row_room;
    real *states, *dstates, *dwords; /* [tokens][E] */
    size_t used;                     /* tokens of the batch */
};

/* ---- what it owns */

static heed_status copy_encoder(shared_encoder **out, const shared_encoder *e, heed_error *error)
{
    encoder *net = NULL;
    tokenizer *words = NULL;
    char *text = NULL;
    heed_status status;
    *out = NULL;
    TRY(tokenizer_json(&text, e->words, error));
    TRY(encoder_copy(&net, e->net, error));
    TRY(tokenizer_parse(&words, bytes_of(text), "a tokenizer", error));
    status = shared_encoder_join(out, net, words, error);
    net = NULL;
done:
    encoder_free(net);
    free(text);
    return status;
}

static heed_status cut_tensor(encoder_trainer *t, const table_tensor *tensor, size_t first, heed_error *error)
{
    const size_t count = table_tensor_numbers(tensor);
    const int layers = t->own->net->config.layers;
    weight_range range = {.depth = tensor->block == NO_BLOCK ? layers : layers - 1 - tensor->block,
                          .decays = tensor->rows != NO_ROWS};
    heed_status status = HEED_OK;
    for (size_t at = 0; at < count && status == HEED_OK; at += BLOCK_WEIGHTS) {
        range.first = first + at;
        range.count = count - at < BLOCK_WEIGHTS ? count - at : BLOCK_WEIGHTS;
        TRY(memory_grow(&t->ranges, &t->range_room, t->range_count + 1, sizeof *t->ranges, error));
        t->ranges[t->range_count++] = range;
    }
done:
    return status;
}

/* All tensors but the first, which is that of the words. Vectors do not decay. */
static heed_status cut_ranges(encoder_trainer *t, heed_error *error)
{
    const encoder_config *c = &t->own->net->config;
    size_t at = t->words;
    heed_status status = HEED_OK;
    for (size_t i = 1; i < encoder_weights_count(c) && status == HEED_OK; i++) {
        table_tensor tensor;
        encoder_weights_at(&tensor, c, i);
        status = cut_tensor(t, &tensor, at, error);
        at += table_tensor_numbers(&tensor);
    }
    t->square = memory_array(t->range_count, sizeof *t->square);
    return status != HEED_OK || t->square != NULL ? status : fail_memory(error, "an encoder's training");
}

static heed_status allocate(encoder_trainer *t, heed_error *error)
{
    const size_t all = t->own->net->weights.flat_count, width = shared_encoder_width(t->own);
    t->words = encoder_flat_after_words(t->own->net);
    t->weights = t->own->net->weights.flat;
    t->steps = memory_array((size_t)t->own->net->config.layers + 1, sizeof *t->steps);
    t->gradient = memory_scratch(all, sizeof(real));
    t->optimizer.moment1 = memory_array(all, sizeof(real)); /* zeros that are never touched take no memory */
    t->optimizer.moment2 = memory_array(all, sizeof(real));
    t->kept = memory_scratch(all - t->words, sizeof(real));
    t->ids = memory_array(t->tokens, sizeof *t->ids);
    t->states = memory_scratch(t->tokens * width, sizeof(real));
    t->dstates = memory_scratch(t->tokens * width, sizeof(real));
    t->dwords = memory_scratch(t->tokens * width, sizeof(real));
    return !t->steps || !t->gradient || !t->optimizer.moment1 || !t->optimizer.moment2 || !t->kept || !t->ids ||
                   !t->states || !t->dstates || !t->dwords
               ? fail_memory(error, "an encoder's training")
               : HEED_OK;
}

/* Of the weights and what goes with them, where it is written; the words are only copied. */
static uint64_t weight_bytes(const encoder_trainer *t)
{
    enum { BESIDE = 4 }; /* gradient, two moments, kept */
    const size_t all = t->own->net->weights.flat_count, width = shared_encoder_width(t->own);
    return sizeof(real) * ((uint64_t)all + BESIDE * (uint64_t)(all - t->words) + 3 * (uint64_t)(t->tokens * width));
}

static heed_status choose_memory(encoder_trainer *t, heed_error *error)
{
    size_t blocks, streams;
    heed_status status;
    TRY(encoder_pass_bytes(&blocks, t->own->net, t->workers, (int)t->tokens, KEEP_BLOCKS, error));
    TRY(encoder_pass_bytes(&streams, t->own->net, t->workers, (int)t->tokens, KEEP_STREAMS, error));
    t->memory.again = t->how.memory > 0 && weight_bytes(t) + blocks > t->how.memory;
    t->memory.bytes = weight_bytes(t) + (t->memory.again ? streams : blocks);
done:
    return status;
}

encoder_memory encoder_trainer_memory(const encoder_trainer *t)
{
    return t->memory;
}

heed_status encoder_trainer_new(encoder_trainer **out, const shared_encoder *e, size_t tokens, pool *workers,
                                const encoder_steps *how, heed_error *error)
{
    encoder_trainer *t = memory_array(1, sizeof *t);
    heed_status status;
    *out = NULL;
    if (t == NULL)
        return fail_memory(error, "an encoder's training");
    *t = (encoder_trainer){.workers = workers,
                           .tokens = tokens,
                           .how = *how,
                           .optimizer = {.kernels = kernels_choose(), .options = how->optimizer}};
    TRY(copy_encoder(&t->own, e, error));
    TRY(allocate(t, error));
    TRY(cut_ranges(t, error));
    TRY(choose_memory(t, error));
    TRY(encoder_pass_new(&t->pass, t->own->net, workers, (int)tokens, t->memory.again ? KEEP_STREAMS : KEEP_BLOCKS,
                         error));
    TRY(encoder_pass_learn(t->pass, t->gradient, error));
    *out = t;
    return HEED_OK;
done:
    encoder_trainer_free(t);
    return status;
}

void encoder_trainer_free(encoder_trainer *t)
{
    if (t == NULL)
        return;
    encoder_pass_free(t->pass);
    shared_encoder_release(t->own);
    free(t->steps);
    free(t->gradient);
    optimizer_release(&t->optimizer);
    free(t->kept);
    free(t->ranges);
    free(t->square);
    free(t->ids);
    free(t->lengths);
    free(t->states);
    free(t->dstates);
    free(t->dwords);
    free(t);
}

const shared_encoder *encoder_trainer_encoder(const encoder_trainer *t)
{
    return t->own;
}

/* ---- a step */

heed_status encoder_trainer_forward(encoder_trainer *t, batch_row *rows, int count, heed_error *error)
{
    const size_t width = shared_encoder_width(t->own), around = tokenizer_around(t->own->words);
    size_t before, at = 0, tokens = 0;
    heed_status status;
    tokenizer_frame(t->own->words, &before);
    for (int i = 0; i < count; i++)
        tokens += around + (size_t)rows[i].length;
    if (tokens > t->tokens)
        return fail(error, HEED_BAD_DATA, "a batch: %zu tokens, expected at most %zu", tokens, t->tokens);
    TRY(memory_grow(&t->lengths, &t->row_room, (size_t)count, sizeof *t->lengths, error));
    for (int i = 0; i < count; i++) {
        t->lengths[i] = (int)shared_encoder_frame(t->own, rows[i].ids, (size_t)rows[i].length, t->ids + at);
        rows[i].states =
            (row_states){.of = t->states + (at + before) * width, .gradient = t->dstates + (at + before) * width};
        if (t->lengths[i] > 0) {
            rows[i].states.first = t->states + at * width;
            rows[i].states.dfirst = t->dstates + at * width;
        }
        at += (size_t)t->lengths[i];
    }
    memset(t->dstates, 0, tokens * width * sizeof *t->dstates); /* of the tokens around a text, too */
    t->used = tokens;
    const encoder_texts texts = {.ids = t->ids, .lengths = t->lengths, .count = (size_t)count};
    t->how.dropout.step = (uint32_t)t->steps[0].number;
    encoder_pass_drop(t->pass, &t->how.dropout);
    status = encoder_pass_run(t->pass, &texts, t->states, error);
done:
    return status;
}

static void square_task(void *context, size_t task, unsigned worker)
{
    encoder_trainer *t = context;
    const weight_range *r = &t->ranges[task];
    (void)worker;
    t->square[task] = t->optimizer.kernels->sum_squares(r->count, t->gradient + r->first);
}

double encoder_trainer_backward(encoder_trainer *t)
{
    double sum = 0;
    encoder_pass_backward(t->pass, t->dstates, t->dwords);
    pool_run(t->workers, t->range_count, square_task, t);
    for (size_t i = 0; i < t->range_count; i++)
        sum += t->square[i];
    return sum;
}

static void move_task(void *context, size_t task, unsigned worker)
{
    encoder_trainer *t = context;
    const weight_range *r = &t->ranges[task];
    const optimizer_step *step = &t->steps[r->depth];
    (void)worker;
    if (r->decays && step->kept < 1)
        t->optimizer.kernels->scale(r->count, step->kept, t->weights + r->first);
    optimizer_move(&t->optimizer, step, r->first, r->count, t->gradient + r->first, t->weights);
}

void encoder_trainer_update(encoder_trainer *t, double learning_rate, double square_norm)
{
    const uint64_t before = t->steps[0].number;
    for (int depth = 0; depth <= t->own->net->config.layers; depth++, learning_rate *= t->how.layer_decay)
        t->steps[depth] = optimizer_step_of(&t->optimizer, before, learning_rate, square_norm);
    pool_run(t->workers, t->range_count, move_task, t);
}

/* ---- its result */

void encoder_trainer_keep(encoder_trainer *t)
{
    memcpy(t->kept, t->weights + t->words, (t->own->net->weights.flat_count - t->words) * sizeof *t->kept);
}

encoder_trainer_state encoder_trainer_state_of(const encoder_trainer *t)
{
    return (encoder_trainer_state){.moved = {t->weights + t->words, t->optimizer.moment1 + t->words,
                                             t->optimizer.moment2 + t->words,
                                             t->own->net->weights.flat_count - t->words},
                                   .kept = t->kept,
                                   .steps = t->steps[0].number};
}

void encoder_trainer_continue(encoder_trainer *t, uint64_t steps)
{
    t->steps[0].number = steps;
}

heed_status encoder_trainer_take(shared_encoder **out, encoder_trainer *t, heed_error *error)
{
    heed_status status;
    *out = NULL;
    memcpy(t->weights + t->words, t->kept, (t->own->net->weights.flat_count - t->words) * sizeof *t->kept);
    TRY(encoder_flat_digest(t->own->net, error));
    TRY(shared_encoder_settle(t->own, error));
    *out = t->own;
    t->own = NULL;
done:
    return status;
}
