/* Gradients of weights, over all P tokens of a group.
 *
 *   y = W x + b         dW = dy x'        db = sum of dy
 *   y = gamma n + beta  dgamma = sum of dy * n        dbeta = sum of dy
 *   positions           dposition[t] = sum of ds over the tokens whose position is in row t
 *   types               dtype[0] = sum of ds
 *
 * A task is some rows of one gradient. It sums over the tokens in their order, so that neither threads nor panels
 * change a bit. x lies as rows [P][in], so that the product reads it as it is. */
#include "encoder/weight_gradients.h"

#include <string.h>

#include "math/transpose.h"

enum { ROWS_PER_TASK = 48, MAX_PARTS = 8 };

/* ---- what the backward pass leaves */

void learning_keep(const encoder_pass *p, matrix columns, text_span panel, real *to)
{
    if (p->learning.gradient == NULL)
        return;
    matrix kept = over_span(p, to, columns.rows, panel);
    for (int i = 0; i < columns.rows; i++)
        memcpy(matrix_row(kept, i), matrix_row(columns, i), (size_t)columns.columns * sizeof(real));
}

void learning_keep_rows(const encoder_pass *p, matrix columns, text_span panel, real *to)
{
    if (p->learning.gradient == NULL)
        return;
    matrix rows = matrix_rows(matrix_of(to, p->count, columns.rows), panel.first, panel.length);
    matrix_transpose(columns, rows);
}

/* ---- tasks */

/* The gradients of one layer of a block: of a kernel and its bias, or of a norm. */
typedef struct gradient_part {
    real *kernel, *bias; /* or gamma, beta */
    matrix d;            /* [out][P] */
    matrix rows;         /* of x [P][in]; data NULL: */
    matrix normal;       /* it is a norm, of n [E][P] */
} gradient_part;

typedef struct gradient_work {
    encoder_pass *p;
    gradient_part parts[MAX_PARTS];
    size_t count, tasks; /* tasks: of one part, at most */
} gradient_work;

/* The gradients lie as the weights do. */
static real *gradient_of(const encoder_pass *p, const real *weights)
{
    return p->learning.gradient + (weights - p->e->weights.flat);
}

static real sum_of_row(matrix d, int i)
{
    const real *row = matrix_row(d, i);
    real sum = 0;
    for (int j = 0; j < d.columns; j++)
        sum += row[j];
    return sum;
}

static void norm_rows(const encoder_pass *p, const gradient_part *g, int first, int count)
{
    for (int i = first; i < first + count; i++) {
        g->kernel[i] = p->kernels->dot((size_t)g->d.columns, matrix_row(g->d, i), matrix_row(g->normal, i));
        g->bias[i] = sum_of_row(g->d, i);
    }
}

static void linear_rows(const encoder_pass *p, const gradient_part *g, int first, int count)
{
    matrix kernel = matrix_of(g->kernel, g->d.rows, g->rows.columns);
    matmul(p->kernels, matrix_rows(kernel, first, count), matrix_rows(g->d, first, count), g->rows);
    for (int i = first; i < first + count; i++)
        g->bias[i] = sum_of_row(g->d, i);
}

static void part_task(void *context, size_t task, unsigned worker)
{
    const gradient_work *w = context;
    const gradient_part *g = &w->parts[task / w->tasks];
    const int first = (int)(task % w->tasks) * ROWS_PER_TASK, rest = g->d.rows - first;
    (void)worker;
    if (rest > 0)
        (g->rows.data == NULL ? norm_rows : linear_rows)(w->p, g, first, rest < ROWS_PER_TASK ? rest : ROWS_PER_TASK);
}

static void add_linear(gradient_work *w, const linear_weights *of, matrix d, const real *rows, int in)
{
    w->parts[w->count++] = (gradient_part){.kernel = gradient_of(w->p, of->kernel),
                                           .bias = gradient_of(w->p, of->bias),
                                           .d = d,
                                           .rows = matrix_of(rows, w->p->count, in)};
}

static void add_norm(gradient_work *w, const real *gamma, const real *beta, const real *d, const real *normal)
{
    const int width = w->p->e->config.width;
    w->parts[w->count++] = (gradient_part){.kernel = gradient_of(w->p, gamma),
                                           .bias = gradient_of(w->p, beta),
                                           .d = over_group(w->p, d, width),
                                           .normal = over_group(w->p, normal, width)};
}

static void run(gradient_work *w)
{
    int rows = 0;
    for (size_t i = 0; i < w->count; i++)
        rows = w->parts[i].d.rows > rows ? w->parts[i].d.rows : rows;
    w->tasks = (size_t)(rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
    pool_run(w->p->workers, w->count * w->tasks, part_task, w);
}

void block_gradients(encoder_pass *p, int layer, bool finish)
{
    const encoder_block_weights *w = &p->e->weights.blocks[layer];
    const block_memory *b = &p->blocks[layer];
    const learning_memory *l = &p->learning;
    const int width = p->e->config.width, feed = p->e->config.feed;
    gradient_work work = {.p = p};
    if (l->gradient == NULL)
        return;
    if (finish) {
        add_linear(&work, &w->feed_in, over_group(p, l->inner, feed), l->middle_rows, width);
        add_linear(&work, &w->feed_out, over_group(p, l->feed, width), l->inner_rows, feed);
        add_linear(&work, &w->output, over_group(p, l->attention, width), l->context_rows, width);
        add_norm(&work, w->feed_gamma, w->feed_beta, l->feed_norm, b->feed_normal);
        add_norm(&work, w->attention_gamma, w->attention_beta, l->attention_norm, b->attention_normal);
    } else {
        const matrix all = over_group(p, p->dprojected, 3 * width);
        add_linear(&work, &w->query, matrix_rows(all, 0, width), l->stream_rows, width);
        add_linear(&work, &w->key, matrix_rows(all, width, width), l->stream_rows, width);
        add_linear(&work, &w->value, matrix_rows(all, 2 * width, width), l->stream_rows, width);
    }
    run(&work);
}

/* ---- embeddings */

enum { POSITIONS_PER_TASK = 16 };

/* Gradients of the words' rows are those of the sums. */
static void position_task(void *context, size_t task, unsigned worker)
{
    const encoder_pass *p = context;
    const int first = (int)task * POSITIONS_PER_TASK, all = p->e->config.positions;
    const int end = first + POSITIONS_PER_TASK < all ? first + POSITIONS_PER_TASK : all;
    const size_t width = (size_t)p->e->config.width;
    real *positions = gradient_of(p, p->e->weights.positions);
    (void)worker;
    memset(positions + (size_t)first * width, 0, (size_t)(end - first) * width * sizeof *positions);
    for (int token = 0; token < p->count; token++)
        if (p->positions[token] >= first && p->positions[token] < end)
            p->kernels->add(width, p->dwords + (size_t)token * width, positions + (size_t)p->positions[token] * width);
}

static void type_gradients(encoder_pass *p)
{
    const encoder_config *c = &p->e->config;
    if (p->e->weights.types == NULL)
        return;
    real *types = gradient_of(p, p->e->weights.types);
    memset(types, 0, (size_t)c->token_types * (size_t)c->width * sizeof *types);
    sum_rows(p->kernels, matrix_of(p->dwords, p->count, c->width), types);
}

void embedding_gradients(encoder_pass *p)
{
    gradient_work work = {.p = p};
    if (p->learning.gradient == NULL)
        return;
    add_norm(&work, p->e->weights.gamma, p->e->weights.beta, p->learning.attention_norm, p->embedding_normal);
    run(&work);
    pool_run(p->workers, (size_t)(p->e->config.positions + POSITIONS_PER_TASK - 1) / POSITIONS_PER_TASK, position_task,
             p);
    type_gradients(p);
}
