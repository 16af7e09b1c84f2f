#include "encoder/pass_memory.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Keeps its first failure. */
typedef struct taker {
    encoder_pass *p;
    heed_status status;
    heed_error *error;
} taker;

/* Even where memory is only counted. */
static void *take_table(taker *t, size_t count, size_t size)
{
    encoder_pass *p = t->p;
    if (t->status == HEED_OK)
        t->status = memory_grow(&p->owned, &p->owned_capacity, p->owned_count + 1, sizeof *p->owned, t->error);
    if (t->status != HEED_OK)
        return NULL;
    p->bytes += count * size;
    void *block = memory_scratch(count, size);
    if (block == NULL)
        t->status = fail_memory(t->error, "a pass through an encoder");
    else
        p->owned[p->owned_count++] = block;
    return block;
}

static void *take(taker *t, size_t count, size_t size)
{
    if (!t->p->counts)
        return take_table(t, count, size);
    t->p->bytes += count * size;
    return NULL;
}

/* Between rows: whole lines of the caches, of an odd number, so that the lines of a column do not fall into few sets.
 */
static ptrdiff_t row_for(int tokens)
{
    ptrdiff_t lines = (tokens + (ptrdiff_t)PANEL_STEP - 1) / PANEL_STEP;
    return (lines | 1) * PANEL_STEP;
}

static real *take_matrix(taker *t, int rows)
{
    return take(t, (size_t)rows * (size_t)row_for(t->p->tokens), sizeof(real));
}

static void take_block(taker *t, block_memory *b)
{
    const encoder_config *c = &t->p->e->config;
    b->projected = take_matrix(t, 3 * c->width);
    b->context = take_matrix(t, c->width);
    b->max = take_matrix(t, c->heads);
    b->inverse = take_matrix(t, c->heads);
    if (t->p->keeps == KEEP_NOTHING)
        return;
    b->attention_normal = take_matrix(t, c->width);
    b->attention_inverse = take_matrix(t, 1);
    b->inner = take_matrix(t, c->feed);
}

/* What goes into the next block. */
static void take_stream(taker *t, block_memory *b)
{
    b->feed_normal = take_matrix(t, t->p->e->config.width);
    b->feed_inverse = take_matrix(t, 1);
}

static void take_blocks(taker *t)
{
    encoder_pass *p = t->p;
    p->blocks = take_table(t, (size_t)p->e->config.layers, sizeof *p->blocks);
    for (int i = 0; i < p->e->config.layers && t->status == HEED_OK; i++) {
        p->blocks[i] = i == 0 || p->keeps == KEEP_BLOCKS ? (block_memory){0} : p->blocks[0];
        if (i == 0 || p->keeps == KEEP_BLOCKS)
            take_block(t, &p->blocks[i]);
        if (p->keeps != KEEP_NOTHING)
            take_stream(t, &p->blocks[i]);
    }
}

static void take_workers(taker *t)
{
    const encoder_config *c = &t->p->e->config;
    unsigned threads = pool_threads(t->p->workers);
    size_t panel = PANEL * sizeof(real), queries = QUERIES * sizeof(real),
           longest = (size_t)(t->p->tokens < c->window ? t->p->tokens : c->window);
    size_t key = (size_t)(c->width / c->heads), most = (size_t)(c->feed > c->width ? c->feed : c->width);
    t->p->of_worker = take_table(t, threads, sizeof *t->p->of_worker);
    for (unsigned i = 0; i < threads && t->status == HEED_OK; i++) {
        worker_memory *w = &t->p->of_worker[i];
        *w = (worker_memory){.middle = take(t, (size_t)c->width, panel),
                             .inner = take(t, (size_t)c->feed, panel),
                             .weights = take(t, longest, queries)};
        if (t->p->keeps == KEEP_NOTHING) {
            w->pairs = take(t, (most + 1) / 2, PAIR_ROW * sizeof *w->pairs);
            continue;
        }
        w->dweights = take(t, longest, queries);
        w->queries = take(t, key, queries);
        w->dcontext = take(t, key, queries);
        w->dkeys = take(t, longest, key * sizeof(real));
        w->dvalues = take(t, longest, key * sizeof(real));
    }
}

heed_status pass_memory_take(encoder_pass *p, heed_error *error)
{
    taker t = {p, HEED_OK, error};
    p->spans = take(&t, (size_t)p->tokens, sizeof *p->spans);
    p->positions = take(&t, (size_t)p->tokens, sizeof *p->positions);
    if (p->e->config.family == ENCODER_STATIC)
        return t.status;
    p->stream = take_matrix(&t, p->e->config.width);
    take_blocks(&t);
    take_workers(&t);
    if (p->keeps == KEEP_NOTHING)
        return t.status;
    p->embedding_normal = take_matrix(&t, p->e->config.width);
    p->embedding_inverse = take_matrix(&t, 1);
    p->dstream = take_matrix(&t, p->e->config.width);
    p->dcontext = take_matrix(&t, p->e->config.width);
    p->dprojected = take_matrix(&t, 3 * p->e->config.width);
    return t.status;
}

heed_status pass_memory_learn(encoder_pass *p, heed_error *error)
{
    taker t = {p, HEED_OK, error};
    const int width = p->e->config.width, feed = p->e->config.feed;
    learning_memory *l = &p->learning;
    l->feed = take_matrix(&t, width);
    l->attention = take_matrix(&t, width);
    l->feed_norm = take_matrix(&t, width);
    l->attention_norm = take_matrix(&t, width);
    l->inner = take_matrix(&t, feed);
    l->stream_rows = take_matrix(&t, width);
    l->context_rows = take_matrix(&t, width);
    l->middle_rows = take_matrix(&t, width);
    l->inner_rows = take_matrix(&t, feed);
    return t.status;
}

void pass_memory_release(encoder_pass *p)
{
    for (size_t i = 0; i < p->owned_count; i++)
        free(p->owned[i]);
    free(p->owned);
}

/* As many panels for each thread, of whole steps; how wide they are changes no bit. */
void pass_memory_lay(encoder_pass *p, int count)
{
    int threads = (int)pool_threads(p->workers), panels = (count + PANEL - 1) / PANEL;
    panels = (panels + threads - 1) / threads * threads;
    int width = panels == 0 ? PANEL_STEP : (count + panels - 1) / panels;
    p->panel_width = (width + PANEL_STEP - 1) / PANEL_STEP * PANEL_STEP;
    p->row = row_for(count);
    p->count = count;
}
