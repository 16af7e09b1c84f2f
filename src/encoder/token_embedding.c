/* The first layer of a transformer (Devlin et al. 2019, section 3 and figure 2), and all of a static encoder.
 *
 *   x, n [E][P]; word [V][E], position [window][E], type [K][E]; gamma, beta [E]; token j: id i, t the row of its
 * position
 *
 *   forward    s[j] = word[i] + type[0] + position[t]        x = norm(s) * f, math/kernels.h: normalize_down
 *   backward   dword rows = ds = what the norm gives for dx * f
 *   weights    dword[i] += ds[j]    dposition[t] += ds[j]    dtype[0] += ds[j]    (weight_gradients.c)
 *
 * f: what dropout leaves (encoder_dropout.h). A text by itself is of type 0; DistilBERT has no types.
 *
 *   static     y[j] = f[i] word[row of i], f being 1 without factors        dword rows = f[i] dy[j] */
#include "encoder/token_embedding.h"

#include <string.h>

#include "encoder/column_norm.h"
#include "encoder/encoder_dropout.h"
#include "encoder/weight_gradients.h"
#include "math/transpose.h"

/* The row of the group's token j [E]: its word's, or what the caller gave for it. */
static void row_of_token(const encoder_pass *p, int j, real *out)
{
    size_t width = (size_t)p->e->config.width;
    if (p->words == NULL)
        encoder_word(p->e, p->ids[j], out);
    else
        memcpy(out, p->words + (size_t)j * width, width * sizeof *out);
}

void columns_to_rows(const encoder_pass *p, text_span panel, const real *columns, real *rows)
{
    int width = p->e->config.width;
    matrix to = matrix_rows(matrix_of(rows, p->count, width), panel.first, panel.length);
    matrix_transpose(over_span(p, columns, width, panel), to);
}

void rows_to_columns(const encoder_pass *p, text_span panel, const real *rows, real *columns)
{
    int width = p->e->config.width;
    matrix from = matrix_rows(matrix_of(rows, p->count, width), panel.first, panel.length);
    matrix_transpose(from, over_span(p, columns, width, panel));
}

norm_down embedding_norm(const encoder *e)
{
    return (norm_down){e->weights.gamma, e->weights.beta, (real)e->config.epsilon};
}

/* The sums of embeddings, as columns. Neighbours are done together, so that a line is written as a whole.
 * words: [PANEL_STEP][E], their rows on the way */
static void sum_embeddings(const encoder_pass *p, text_span panel, matrix x, real *words)
{
    const encoder_weights *w = &p->e->weights;
    for (int first = 0; first < panel.length; first += PANEL_STEP) {
        const real *word[PANEL_STEP], *position[PANEL_STEP];
        int count = panel.length - first < PANEL_STEP ? panel.length - first : PANEL_STEP;
        for (int j = 0; j < count; j++) {
            int token = panel.first + first + j;
            word[j] = words + (ptrdiff_t)j * x.rows;
            row_of_token(p, token, words + (ptrdiff_t)j * x.rows);
            position[j] = w->positions + (ptrdiff_t)p->positions[token] * x.rows;
        }
        for (int i = 0; i < x.rows; i++) {
            real type = w->types == NULL ? 0 : w->types[i], *to = matrix_row(x, i) + first;
            for (int j = 0; j < count; j++)
                to[j] = word[j][i] + type + position[j][i];
        }
    }
}

void token_embedding_forward(encoder_pass *p, text_span panel, unsigned worker)
{
    matrix x = over_span(p, p->stream, p->e->config.width, panel);
    sum_embeddings(p, panel, x, p->of_worker[worker].middle);
    const drop_site site = drop_site_of(p, DROP_EMBEDDINGS, 0, 0);
    column_norm_forward(p, embedding_norm(p->e), x, panel, p->embedding_normal, p->embedding_inverse);
    drop_columns(p, &site, panel.first, x);
}

void token_embedding_backward(encoder_pass *p, text_span panel)
{
    matrix d = over_span(p, p->dstream, p->e->config.width, panel);
    const drop_site site = drop_site_of(p, DROP_EMBEDDINGS, 0, 0);
    drop_columns(p, &site, panel.first, d);
    learning_keep(p, d, panel, p->learning.attention_norm);
    column_norm_backward(p, embedding_norm(p->e), d, panel, p->embedding_normal, p->embedding_inverse);
    columns_to_rows(p, panel, p->dstream, p->dwords);
}

/* ---- static encoders */

static void scale_rows(const encoder_pass *p, text_span panel, const real *from, real *to)
{
    const real *factors = p->e->weights.factors;
    size_t width = (size_t)p->e->config.width;
    for (int j = panel.first; j < panel.first + panel.length; j++) {
        if (from == NULL)
            row_of_token(p, j, to + (size_t)j * width);
        else
            memcpy(to + (size_t)j * width, from + (size_t)j * width, width * sizeof *to);
        if (factors != NULL)
            p->kernels->scale(width, factors[p->ids[j]], to + (size_t)j * width);
    }
}

void static_rows_forward(encoder_pass *p, text_span panel)
{
    scale_rows(p, panel, NULL, p->states);
}

void static_rows_backward(encoder_pass *p, text_span panel)
{
    scale_rows(p, panel, p->dstates, p->dwords);
}
