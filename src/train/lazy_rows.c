#include "train/lazy_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status lazy_rows_init(lazy_rows *out, const optimizer *o, int max_steps, heed_error *error)
{
    size_t steps = o->net->embedding_count < LAZY_MIN_NUMBERS ? 1 : LAZY_STEPS;
    *out = (lazy_rows){.optimizer = o, .rows = o->net->spec.vocabulary, .width = (size_t)o->net->embedded.width};
    steps = max_steps > 0 && max_steps <= LAZY_STEPS ? (size_t)max_steps : steps;
    out->max_steps = (int)steps;
    out->taken = memory_array(out->rows, sizeof *out->taken);
    out->moved = memory_array(out->rows, sizeof *out->moved);
    out->rate = memory_array(steps, sizeof *out->rate);
    out->kept = memory_array(steps, sizeof *out->kept);
    out->unsteady = memory_array(steps, sizeof *out->unsteady);
    bool fine = out->taken && out->moved && out->rate && out->kept && out->unsteady;
    return fine ? HEED_OK : fail_memory(error, "an optimizer");
}

void lazy_rows_release(lazy_rows *l)
{
    free(l->taken);
    free(l->moved);
    free(l->rate);
    free(l->kept);
    free(l->unsteady);
    *l = (lazy_rows){0};
}

void lazy_rows_cleared(lazy_rows *l)
{
    memset(l->taken, 0, l->rows * sizeof *l->taken);
    l->count = 0;
}

void lazy_rows_restart(lazy_rows *l)
{
    memset(l->moved, 0, l->rows * sizeof *l->moved);
    lazy_rows_cleared(l);
}

void lazy_rows_continue(lazy_rows *l)
{
    for (size_t row = 0; row < l->rows; row++)
        l->moved[row] = true;
    lazy_rows_cleared(l);
}

bool lazy_rows_wait(const lazy_rows *l)
{
    return l->max_steps > 1;
}

bool lazy_rows_full(const lazy_rows *l)
{
    return l->count == l->max_steps;
}

/* Adam changes a weight by rate m / (sqrt(v) + 1e-7). A step without a gradient multiplies m by 0.9 and sqrt(v) by no
 * less than 0.9994. If rate grows by at most 5% and decay keeps more than 0.96 of a weight, a change that was too small
 * for its weight stays too small. */
void lazy_rows_step(lazy_rows *l, const optimizer_step *step)
{
    const optimizer *o = l->optimizer;
    int s = l->count++;
    bool decays = o->options.kind == HEED_OPTIMIZER_ADAMW;
    bool steady = s > 0 && step->rate <= (real)1.05 * l->rate[s - 1] && (!decays || step->kept > (real)0.96);
    l->rate[s] = step->rate;
    l->kept[s] = decays ? step->kept : 1;
    l->unsteady[s] = steady ? l->unsteady[s - 1] : s;
    l->newest = *step;
}

/* Decay spares the row of padding. */
static bool row_decays(const lazy_rows *l, size_t row)
{
    return l->optimizer->options.kind == HEED_OPTIMIZER_ADAMW && l->optimizer->options.weight_decay > 0 && row > 0;
}

/* Only the decay of steps first ... last - 1. */
static void take_decays(const lazy_rows *l, size_t row, int first, int last, real *weights)
{
    for (int s = first; s < last && row_decays(l, row); s++)
        l->optimizer->net->kernels->scale(l->width, l->kept[s], weights + row * l->width);
}

/* A few steps at a time: as soon as no weight of the row changes any more, only its moments have to be computed. */
static void take_adam_steps(const lazy_rows *l, size_t row, real *weights)
{
    enum { AT_A_TIME = 16 };
    const optimizer *o = l->optimizer;
    const kernels *k = o->net->kernels;
    size_t at = row * l->width;
    real *w = weights + at, *m = o->moment1 + at, *v = o->moment2 + at;
    bool settled = false;
    for (int s = l->taken[row], last; s < l->count; s = last) {
        last = s + AT_A_TIME < l->count ? s + AT_A_TIME : l->count;
        if (last - s == 1) {
            take_decays(l, row, s, last, weights);
            k->adam(l->width, l->rate[s], NULL, w, m, v);
        } else if (settled && l->unsteady[last - 1] < s) {
            take_decays(l, row, s, last, weights);
            k->adam_fade(l->width, last - s, m, v);
        } else {
            settled = k->adam_idle(l->width, last - s, l->rate + s, row_decays(l, row) ? l->kept + s : NULL, w, m, v);
        }
    }
}

/* Without momentum the first step sets v to 0, and later steps do nothing. */
static void take_sgd_steps(const lazy_rows *l, size_t row, real *weights)
{
    const optimizer *o = l->optimizer;
    size_t at = row * l->width;
    int first = l->taken[row], last = o->options.momentum > 0 || first == l->count ? l->count : first + 1;
    for (int s = first; s < last; s++)
        o->net->kernels->sgd(l->width, l->rate[s], (real)o->options.momentum, NULL, weights + at, o->moment1 + at);
}

static void fetch(size_t count, const real *x)
{
    for (size_t i = 0; i < count; i += 64 / sizeof *x)
        __builtin_prefetch(x + i, 1);
}

void lazy_rows_fetch(const lazy_rows *l, size_t row, const real *weights)
{
    size_t at = row * l->width;
    __builtin_prefetch(&l->taken[row], 1);
    __builtin_prefetch(&l->moved[row]);
    fetch(l->width, weights + at);
    fetch(l->width, l->optimizer->moment1 + at);
    if (l->optimizer->moment2 != NULL)
        fetch(l->width, l->optimizer->moment2 + at);
}

void lazy_rows_level(lazy_rows *l, size_t row, real *weights)
{
    if (!l->moved[row])
        take_decays(l, row, l->taken[row], l->count, weights);
    else if (l->optimizer->options.kind == HEED_OPTIMIZER_SGD)
        take_sgd_steps(l, row, weights);
    else
        take_adam_steps(l, row, weights);
    l->taken[row] = (uint16_t)l->count;
}

void lazy_rows_move(lazy_rows *l, size_t row, real *gradient, real *weights)
{
    optimizer_decay(l->optimizer, &l->newest, row * l->width, l->width, weights);
    optimizer_move(l->optimizer, &l->newest, row * l->width, l->width, gradient, weights);
    l->moved[row] = true;
    l->taken[row] = (uint16_t)l->count;
}
