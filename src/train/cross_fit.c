#include "train/cross_fit.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "train/row_metrics.h"

/* ---- the folds */

heed_status cross_fit_init(cross_fit *out, logistic_run *run, const fold_features *features, heed_error *error)
{
    const training_context *c = run->progress.context;
    const examples *e = &run->data->train;
    heed_status status;
    *out = (cross_fit){.run = run, .features = *features, .fold = memory_array(e->count, sizeof *out->fold)};
    TRY(out->fold == NULL ? fail_memory(error, "folds") : HEED_OK);
    if (c->fold_of_row == NULL)
        TRY(split_within(out->fold, c->corpus, e->row, e->count, CROSS_FIT_FOLDS, c->options->seed, error));
    else
        memcpy(out->fold, c->fold_of_row, e->count * sizeof *out->fold);
    for (uint32_t i = 0; i < e->count; i++)
        out->size[out->fold[i]]++;
done:
    return status;
}

void cross_fit_release(cross_fit *c)
{
    for (size_t i = 0; i < CROSS_FIT_FOLDS; i++)
        for (size_t j = 0; j < CROSS_FIT_TRIES; j++) {
            free(c->answers[i][j].probability);
            free(c->answers[i][j].loss);
        }
    free(c->fold);
}

/* A fold has rows, and others to fit to. */
static bool can_hold_out(const cross_fit *c, uint32_t number)
{
    return c->size[number] > 0 && c->size[number] < c->run->data->train.count;
}

/* Folds are answered until there are so many rows. */
static uint32_t wanted_rows(const cross_fit *c)
{
    return c->run->progress.context->one_fold ? 1 : CROSS_FIT_ROWS;
}

unsigned cross_fit_folds(const cross_fit *c)
{
    unsigned folds = 0;
    uint32_t held = 0;
    for (uint32_t i = 0; i < CROSS_FIT_FOLDS && held < wanted_rows(c); i++)
        if (can_hold_out(c, i)) {
            folds++;
            held += c->size[i];
        }
    return folds;
}

bool cross_fit_more(cross_fit *c, uint32_t rows)
{
    while (c->next < CROSS_FIT_FOLDS && !can_hold_out(c, c->next))
        c->next++;
    return c->next < CROSS_FIT_FOLDS && c->held < rows;
}

/* ---- one of them */

/* The numbers of the other folds' rows, then those of this one's. */
static heed_status find_parts(fold_fit *f, const cross_fit *c, heed_error *error)
{
    uint32_t count = c->run->data->train.count, train = 0, held = count - c->size[f->number];
    f->rows = memory_array(count, sizeof *f->rows);
    for (uint32_t i = 0; i < count && f->rows != NULL; i++)
        f->rows[c->fold[i] == f->number ? held++ : train++] = i;
    f->parts = (fold_parts){{f->rows, train}, {f->rows + train, count - train}};
    return f->rows == NULL ? fail_memory(error, "folds") : HEED_OK;
}

static heed_status take_cells(float **out, const float *cells, sparse_part part, size_t outputs, heed_error *error)
{
    *out = memory_array(part.count * outputs, sizeof **out);
    for (uint32_t i = 0; i < part.count && *out != NULL; i++)
        memcpy(*out + i * outputs, cells + part.rows[i] * outputs, outputs * sizeof **out);
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}

heed_status fold_fit_init(fold_fit *out, cross_fit *c, heed_error *error)
{
    const logistic_run *t = c->run;
    const fold_features *features = &c->features;
    heed_status status;
    *out = (fold_fit){.number = c->next};
    TRY(find_parts(out, c, error));
    TRY(features->rows(&out->train, &out->held, features->source, &out->parts, error));
    TRY(take_cells(&out->target, t->target, out->parts.train, t->outputs, error));
    TRY(take_cells(&out->weight, t->weight, out->parts.train, t->outputs, error));
    TRY(take_cells(&out->held_target, t->target, out->parts.held, t->outputs, error));
    TRY(logistic_init(&out->fit, features->count, t->outputs, t->data->task == HEED_TASK_MULTICLASS, error));
    c->held += c->size[c->next++];
done:
    return status;
}

void fold_fit_release(fold_fit *f)
{
    free(f->rows);
    feature_rows_release(&f->train);
    feature_rows_release(&f->held);
    free(f->target);
    free(f->weight);
    free(f->held_target);
    logistic_release(&f->fit);
    span_fit_free(f->span);
}

heed_status fold_fit_run(fold_fit *f, const cross_fit *c, double strength, heed_error *error)
{
    f->fit.strength = strength;
    const linear_examples rows = feature_rows_examples(&f->train, f->target, f->weight);
    return logistic_run_fit(c->run, &f->span, &f->fit, &rows, c->run->kind->fold_end, error);
}

heed_status fold_fit_keep(fold_fit *f, cross_fit *c, size_t number, heed_error *error)
{
    const logistic_run *t = c->run;
    fold_answers *kept = &c->answers[f->number][number];
    if (!t->crossfits)
        return HEED_OK;
    const linear_examples held = feature_rows_examples(&f->held, f->held_target, NULL);
    kept->probability = memory_array((size_t)f->parts.held.count * t->outputs, sizeof *kept->probability);
    kept->loss = memory_array(f->parts.held.count, sizeof *kept->loss);
    if (kept->probability == NULL || kept->loss == NULL)
        return fail_memory(error, "held-out rows");
    return linear_score_rows(kept->probability, kept->loss, &f->fit, &held, t->workers, error);
}

/* ---- the answers of all */

static heed_status fit_next(cross_fit *c, double strength, size_t number, heed_error *error)
{
    fold_fit f;
    heed_status status;
    TRY(fold_fit_init(&f, c, error));
    TRY(fold_fit_run(&f, c, strength, error));
    TRY(fold_fit_keep(&f, c, number, error));
done:
    fold_fit_release(&f);
    return status;
}

/* The rows in their order. */
static void join_answers(held_out *out, keras_counts *sums, const cross_fit *c, size_t number)
{
    const logistic_run *t = c->run;
    size_t outputs = t->outputs, shares = t->data->task == HEED_TASK_MULTICLASS ? 1 : outputs;
    uint32_t passed[CROSS_FIT_FOLDS] = {0};
    for (uint32_t i = 0; i < t->data->train.count; i++) {
        const fold_answers *a = &c->answers[c->fold[i]][number];
        if (a->probability == NULL)
            continue;
        size_t at = passed[c->fold[i]]++;
        const float *probability = a->probability + at * outputs;
        memcpy(out->probability + out->count * outputs, probability, outputs * sizeof *probability);
        out->row[out->count++] = i;
        row_metrics_add(sums, t->data->task, probability, t->target + i * outputs, outputs,
                        a->loss[at] / (double)shares);
    }
}

heed_status cross_fit_finish(cross_fit *c, double strength, size_t number, heed_error *error)
{
    training_result *r = c->run->result;
    keras_counts sums;
    heed_status status;
    keras_counts_init(&sums);
    while (cross_fit_more(c, wanted_rows(c)))
        TRY(fit_next(c, strength, number, error));
    r->held.probability = memory_array((size_t)c->held * c->run->outputs, sizeof *r->held.probability);
    r->held.row = memory_array(c->held, sizeof *r->held.row);
    TRY(r->held.probability == NULL || r->held.row == NULL ? fail_memory(error, "held-out rows") : HEED_OK);
    join_answers(&r->held, &sums, c, number);
    *r->validation = keras_counts_result(&sums);
done:
    return status;
}
