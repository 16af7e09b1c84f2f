#include "train/wide_strength.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "data/split.h"

enum { FOLDS = 5, ENOUGH_ROWS = 2000, GRID = STRENGTH_FITS / FOLDS };
static const double grid[GRID] = {1, 3, 10, 30, 100};
static const linear_end end = {1e-5, 200};

/* Of the held-out rows of all folds so far. */
typedef struct held_losses {
    double sum[GRID];
    size_t tried; /* of the grid */
    uint32_t rows;
} held_losses;

/* The rows of one fold, and the others. */
typedef struct fold_rows {
    uint32_t *train, *held; /* numbers of training rows */
    uint32_t train_count, held_count;
} fold_rows;

typedef struct fold_fit {
    const strength_search *search;
    const fold_rows *part;
    float *scale;            /* [F] */
    sparse_rows train, held; /* with the values by this scale */
    float *target, *weight;  /* [train_count][K] */
    logistic fit;            /* with the last C */
} fold_fit;

static void fill_part(fold_rows *out, const uint32_t *fold, uint32_t count, uint32_t number)
{
    out->train_count = out->held_count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (fold[i] == number)
            out->held[out->held_count++] = i;
        else
            out->train[out->train_count++] = i;
}

static heed_status copy_cells(float **out, const float *cells, sparse_part part, size_t outputs, heed_error *error)
{
    *out = memory_array(part.count * outputs, sizeof **out);
    for (uint32_t i = 0; i < part.count && *out != NULL; i++)
        memcpy(*out + i * outputs, cells + part.rows[i] * outputs, outputs * sizeof **out);
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}

static heed_status fold_fit_init(fold_fit *f, heed_error *error)
{
    const strength_search *s = f->search;
    const logistic_run *t = s->run;
    const sparse_part train = {f->part->train, f->part->train_count}, held = {f->part->held, f->part->held_count};
    size_t features = wide_features_count(s->features);
    heed_status status;
    f->scale = memory_array(features, sizeof *f->scale);
    TRY(f->scale == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(wide_scale(f->scale, s->features, s->spec, s->rows, train, t->target, error));
    TRY(wide_rows_weigh(&f->train, s->features, f->scale, s->rows, train, error));
    TRY(wide_rows_weigh(&f->held, s->features, f->scale, s->rows, held, error));
    TRY(copy_cells(&f->target, t->target, train, t->outputs, error));
    TRY(copy_cells(&f->weight, t->weight, train, t->outputs, error));
    TRY(logistic_init(&f->fit, features, t->outputs, t->data->task == HEED_TASK_MULTICLASS, error));
done:
    return status;
}

static void fold_fit_release(fold_fit *f)
{
    free(f->scale);
    sparse_rows_release(&f->train);
    sparse_rows_release(&f->held);
    free(f->target);
    free(f->weight);
    logistic_release(&f->fit);
}

/* The loss of the held-out rows, with their weights. z: scratch [K]. */
static double held_loss(const fold_fit *f, double *z)
{
    const logistic_run *t = f->search->run;
    double sum = 0;
    for (uint32_t i = 0; i < f->held.count; i++) {
        size_t cell = (size_t)f->part->held[i] * t->outputs;
        logistic_logits(&f->fit, f->held.values + f->held.first[i], f->held.size[i], z);
        sum += logistic_link(z, t->outputs, f->fit.softmax, t->target + cell, t->weight + cell);
    }
    return sum;
}

/* Each C begins where the one before it ended. The first fold ends with the first C that is worse than the one before,
 * and the others try as many. */
static heed_status add_fold(const strength_search *s, const fold_rows *part, held_losses *all, heed_error *error)
{
    fold_fit f = {.search = s, .part = part};
    double *z = memory_array(s->run->outputs, sizeof *z), before = INFINITY;
    bool first = all->tried == 0;
    heed_status status;
    TRY(z == NULL ? fail_memory(error, "training") : HEED_OK);
    TRY(fold_fit_init(&f, error));
    const linear_examples rows = {&f.train, f.target, f.weight};
    for (size_t i = 0; i < (first ? GRID : all->tried); i++) {
        f.fit.strength = grid[i];
        TRY(logistic_run_fit(s->run, &f.fit, &rows, end, error));
        double loss = held_loss(&f, z);
        all->sum[i] += loss;
        if (first)
            all->tried = i + 1;
        if (first && loss >= before)
            break;
        before = loss;
    }
    all->rows += part->held_count;
done:
    fold_fit_release(&f);
    free(z);
    return status;
}

static void tell(logistic_run *t, const held_losses *all, size_t best)
{
    char note[300], number[NUMBER_TEXT];
    int size = snprintf(note, sizeof note,
                        "C %g has the least log loss on %u training rows that were held out:", grid[best], all->rows);
    for (size_t i = 0; i < all->tried; i++)
        size += snprintf(note + size, sizeof note - (size_t)size, "%s C %g %s", i > 0 ? "," : "", grid[i],
                         number_fixed(number, all->sum[i] / all->rows, 4));
    progress_note(&t->progress, note);
}

static heed_status run_folds(const strength_search *s, const uint32_t *fold, held_losses *all, heed_error *error)
{
    uint32_t count = s->run->data->train.count;
    fold_rows part = {.train = memory_array(count, sizeof *part.train), .held = memory_array(count, sizeof *part.held)};
    heed_status status;
    TRY(part.train == NULL || part.held == NULL ? fail_memory(error, "folds") : HEED_OK);
    for (uint32_t i = 0; i < FOLDS && all->rows < ENOUGH_ROWS; i++) {
        fill_part(&part, fold, count, i);
        if (part.held_count > 0 && part.train_count > 0)
            TRY(add_fold(s, &part, all, error));
    }
done:
    free(part.train);
    free(part.held);
    return status;
}

heed_status wide_strength_choose(double *out, const strength_search *s, heed_error *error)
{
    const training_context *c = s->run->progress.context;
    const examples *e = &s->run->data->train;
    held_losses all = {.tried = 0};
    uint32_t *fold = memory_array(e->count, sizeof *fold);
    size_t best = 0;
    heed_status status;
    TRY(fold == NULL ? fail_memory(error, "folds") : HEED_OK);
    TRY(split_within(fold, c->corpus, e->row, e->count, FOLDS, c->options->seed, error));
    TRY(run_folds(s, fold, &all, error));
    for (size_t i = 1; i < all.tried; i++)
        best = all.sum[i] < all.sum[best] ? i : best;
    *out = grid[best];
    if (all.rows > 0)
        tell(s->run, &all, best);
done:
    free(fold);
    return status;
}
