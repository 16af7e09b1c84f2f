#include "encoder/encoder_pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_block.h"
#include "encoder/flat_weights.h"
#include "encoder/pass_memory.h"
#include "encoder/token_attention.h"
#include "encoder/token_embedding.h"
#include "encoder/weight_gradients.h"

heed_status encoder_pass_new(encoder_pass **out, const encoder *e, pool *workers, int tokens, encoder_keeping keeps,
                             heed_error *error)
{
    *out = NULL;
    encoder_pass *p = memory_array(1, sizeof *p);
    if (p == NULL)
        return fail_memory(error, "a pass through an encoder");
    *p = (encoder_pass){.e = e,
                        .weights = e->weights.blocks,
                        .kernels = kernels_choose(),
                        .workers = workers,
                        .tokens = tokens,
                        .keeps = keeps};
    heed_status status = pass_memory_take(p, error);
    if (status == HEED_OK)
        *out = p;
    else
        encoder_pass_free(p);
    return status;
}

heed_status encoder_pass_bytes(size_t *out, const encoder *e, pool *workers, int tokens, encoder_keeping keeps,
                               heed_error *error)
{
    encoder_pass p = {.e = e, .workers = workers, .tokens = tokens, .keeps = keeps, .counts = true};
    heed_status status = pass_memory_take(&p, error);
    if (status == HEED_OK)
        status = pass_memory_learn(&p, error);
    *out = p.bytes;
    pass_memory_release(&p);
    return status;
}

void encoder_pass_free(encoder_pass *p)
{
    if (p == NULL)
        return;
    pass_memory_release(p);
    free(p);
}

heed_status encoder_pass_learn(encoder_pass *p, real *gradient, heed_error *error)
{
    p->learning.gradient = gradient;
    return pass_memory_learn(p, error);
}

void encoder_pass_drop(encoder_pass *p, const encoder_dropout *d)
{
    p->dropout = *d;
}

void encoder_pass_round(encoder_pass *p, const encoder_halves *h)
{
    p->weights = h == NULL ? p->e->weights.blocks : h->blocks;
}

/* ---- what a group is */

static heed_status check_text(const encoder_pass *p, size_t number, const uint32_t *ids, int length, heed_error *error)
{
    const encoder_config *c = &p->e->config;
    int most = c->window > 0 && c->window < p->tokens ? c->window : p->tokens;
    if (length < 0 || length > most)
        return fail(error, HEED_BAD_DATA, "text %zu: %d tokens, expected at most %d", number + 1, length, most);
    for (int i = 0; i < length; i++)
        if (ids[i] >= (uint32_t)c->vocabulary)
            return fail(error, HEED_BAD_DATA, "text %zu: id %u of token %d, expected one below the encoder's %d",
                        number + 1, ids[i], i + 1, c->vocabulary);
    return HEED_OK;
}

static heed_status check_texts(const encoder_pass *p, const encoder_texts *texts, heed_error *error)
{
    const uint32_t *ids = texts->ids;
    size_t tokens = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < texts->count; i++) {
        TRY(check_text(p, i, ids, texts->lengths[i], error));
        ids += texts->lengths[i];
        tokens += (size_t)texts->lengths[i];
    }
    if (p->keeps != KEEP_NOTHING && tokens > (size_t)p->tokens)
        return fail(error, HEED_BAD_DATA, "%zu tokens, expected at most %d for gradients", tokens, p->tokens);
done:
    return status;
}

/* The rows of positions of a text's tokens. Those that are padding have its own and are not counted, as in
 * transformers. */
static void lay_positions(const encoder_config *c, const uint32_t *ids, int length, int *out)
{
    int next = c->padding + 1;
    for (int t = 0; t < length; t++)
        out[t] = c->padding >= 0 && ids[t] == (uint32_t)c->padding ? c->padding : next++;
}

/* As many of the texts from `next` on as there is memory for, whose first id is ids[0]; returns the first one after
 * them. */
static size_t lay_group(encoder_pass *p, const encoder_texts *texts, size_t next, const uint32_t *ids)
{
    int count = 0;
    p->span_count = 0;
    for (; next < texts->count && texts->lengths[next] <= p->tokens - count; next++) {
        int length = texts->lengths[next];
        if (length > 0)
            p->spans[p->span_count++] = (text_span){count, length};
        lay_positions(&p->e->config, ids + count, length, p->positions + count);
        count += length;
    }
    pass_memory_lay(p, count);
    return next;
}

/* ---- its stages: tasks of panels and of heads take turns */

typedef struct stage {
    encoder_pass *p;
    int layer; /* the block whose attention follows, going forward, or has just been, going backward */
} stage;

/* Block layer - 1 after its attention, or the embeddings; then up to the attention of block `layer`, or the end. */
static void panel_forward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    encoder_pass *p = s->p;
    text_span panel = panel_span(p, task);
    if (s->layer == 0)
        token_embedding_forward(p, panel, worker);
    else
        encoder_block_finish(p, s->layer - 1, panel, worker);
    if (s->layer < p->e->config.layers)
        encoder_block_project(p, s->layer, panel, worker);
    else
        columns_to_rows(p, panel, p->stream, p->states);
}

static void head_forward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    size_t heads = (size_t)s->p->e->config.heads;
    token_attention_forward(s->p, s->layer, s->p->spans[task / heads], (int)(task % heads), worker);
}

/* The part of block `layer` before its attention, or from the states. */
static void backward_to_stream(const stage *s, text_span panel, unsigned worker)
{
    encoder_pass *p = s->p;
    if (s->layer < p->e->config.layers)
        encoder_block_project_backward(p, s->layer, panel, worker);
    else
        rows_to_columns(p, panel, p->dstates, p->dstream);
}

/* The part of the block before it, after its attention, or to the embeddings. */
static void backward_from_stream(const stage *s, text_span panel, unsigned worker)
{
    encoder_pass *p = s->p;
    if (s->layer > 0)
        encoder_block_finish_backward(p, s->layer - 1, panel, worker);
    else
        token_embedding_backward(p, panel);
}

/* panel_forward, the other way round. */
static void panel_backward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    text_span panel = panel_span(s->p, task);
    backward_to_stream(s, panel, worker);
    backward_from_stream(s, panel, worker);
}

/* The same with the block before it computed again in between: up to its attention, */
static void panel_project_again(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    text_span panel = panel_span(s->p, task);
    backward_to_stream(s, panel, worker);
    encoder_block_input(s->p, s->layer - 1, panel, over_span(s->p, s->p->stream, s->p->e->config.width, panel));
    encoder_block_project(s->p, s->layer - 1, panel, worker);
}

/* and after it. */
static void panel_attend_again(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    text_span panel = panel_span(s->p, task);
    encoder_block_attend(s->p, s->layer - 1, panel, worker);
    backward_from_stream(s, panel, worker);
}

static void head_backward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    size_t heads = (size_t)s->p->e->config.heads;
    token_attention_backward(s->p, s->layer, s->p->spans[task / heads], (int)(task % heads), worker);
}

static void text_attention(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    const encoder_pass *p = s->p;
    text_span text = p->spans[task];
    int heads = p->e->config.heads;
    real *received = p->attention + text.first;
    memset(received, 0, (size_t)text.length * sizeof *received);
    for (int head = 0; head < heads; head++)
        token_attention_received(p, s->layer, text, head, worker, received);
    p->kernels->scale((size_t)text.length, 1 / ((real)heads * (real)text.length), received);
}

static void rows_forward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    (void)worker;
    static_rows_forward(s->p, panel_span(s->p, task));
}

static void rows_backward(void *context, size_t task, unsigned worker)
{
    const stage *s = context;
    (void)worker;
    static_rows_backward(s->p, panel_span(s->p, task));
}

static void run_panels(stage *s, pool_task task)
{
    encoder_pass *p = s->p;
    pool_run(p->workers, ((size_t)p->count + (size_t)p->panel_width - 1) / (size_t)p->panel_width, task, s);
}

static void run_heads(stage *s, pool_task task)
{
    pool_run(s->p->workers, (size_t)s->p->span_count * (size_t)s->p->e->config.heads, task, s);
}

static void run_panels_backward(stage *s)
{
    if (s->p->keeps == KEEP_BLOCKS || s->layer == 0) {
        run_panels(s, panel_backward);
        return;
    }
    stage before = {s->p, s->layer - 1};
    run_panels(s, panel_project_again);
    run_heads(&before, head_forward);
    run_panels(s, panel_attend_again);
}

static void run_group(encoder_pass *p)
{
    stage s = {p, 0};
    if (p->e->config.family == ENCODER_STATIC) {
        run_panels(&s, rows_forward);
        return;
    }
    for (; s.layer < p->e->config.layers; s.layer++) {
        run_panels(&s, panel_forward);
        run_heads(&s, head_forward);
    }
    run_panels(&s, panel_forward);
}

/* ---- passes */

heed_status encoder_pass_run(encoder_pass *p, const encoder_texts *texts, real *states, heed_error *error)
{
    heed_status status = check_texts(p, texts, error);
    size_t at = 0, width = (size_t)p->e->config.width;
    p->count = 0;
    for (size_t next = 0; status == HEED_OK && next < texts->count; at += (size_t)p->count) {
        next = lay_group(p, texts, next, texts->ids + at);
        p->ids = texts->ids + at;
        p->words = texts->words == NULL ? NULL : texts->words + at * width;
        p->states = states + at * width;
        run_group(p);
        status = pool_check(p->workers, error);
    }
    return status;
}

/* Without a token. */
static void clear_gradient(const encoder_pass *p)
{
    const size_t words = encoder_flat_after_words(p->e);
    if (p->learning.gradient != NULL)
        memset(p->learning.gradient + words, 0, (p->e->weights.flat_count - words) * sizeof(real));
}

void encoder_pass_backward(encoder_pass *p, const real *dstates, real *dwords)
{
    stage s = {p, p->e->config.layers};
    p->dstates = dstates;
    p->dwords = dwords;
    if (p->count == 0) {
        clear_gradient(p);
        return;
    }
    if (p->e->config.family == ENCODER_STATIC) {
        run_panels(&s, rows_backward);
        return;
    }
    run_panels_backward(&s);
    while (s.layer > 0) {
        s.layer--;
        block_gradients(p, s.layer, true);
        run_heads(&s, head_backward);
        run_panels_backward(&s);
        block_gradients(p, s.layer, false);
    }
    embedding_gradients(p);
}

void encoder_pass_attention(encoder_pass *p, real *attention)
{
    stage s = {p, p->e->config.layers - 1};
    p->attention = attention;
    if (p->count > 0)
        pool_run(p->workers, (size_t)p->span_count, text_attention, &s);
}
