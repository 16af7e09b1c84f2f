#include "linear/linear_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/lbfgs.h"
#include "linear/linear_loss.h"

enum { HISTORY = 10, TASK_ROWS = 64 };

typedef struct fitting {
    linear_loss loss; /* first: the minimiser's context is both */
    const linear_listener *listener;
    unsigned max_passes;
} fitting;

/* ---- fitting */

static int tell_pass(void *context, unsigned pass, double value)
{
    const fitting *f = context;
    (void)value;
    const linear_progress progress = {pass, f->max_passes, f->loss.mean_loss, f->loss.correct, f->loss.rows->count};
    return f->listener->tell(f->listener->user, &progress);
}

/* The weights and biases as floats. */
static heed_status take_weights(logistic *model, const double *x, heed_error *error)
{
    size_t weights = model->features * model->outputs;
    bool finite = true;
    for (size_t i = 0; i < weights; i++) {
        model->weights[i] = (float)x[i];
        finite = finite && isfinite(model->weights[i]);
    }
    for (size_t k = 0; k < model->outputs; k++) {
        model->bias[k] = (float)x[weights + k];
        finite = finite && isfinite(model->bias[k]);
    }
    return finite
               ? HEED_OK
               : fail(error, HEED_BAD_DATA,
                      "a weight of the linear model is not a finite number; give smaller weights to rows and labels");
}

/* For each parameter the model's float, x, and what L-BFGS keeps; for each row and output target and weight, dz, and
 * afterwards the probability. Counted in double: a product of sizes could be too large. */
double linear_fit_memory(size_t features, size_t outputs, size_t rows)
{
    double parameters = ((double)features + 1) * (double)outputs, cells = (double)rows * (double)outputs;
    double a_parameter = (double)(sizeof(float) + sizeof(double) + lbfgs_memory(HISTORY));
    return parameters * a_parameter + cells * (double)(3 * sizeof(float) + sizeof(double));
}

/* The other way round. */
static void give_weights(double *x, const logistic *model)
{
    size_t weights = model->features * model->outputs;
    for (size_t i = 0; i < weights; i++)
        x[i] = (double)model->weights[i];
    for (size_t k = 0; k < model->outputs; k++)
        x[weights + k] = (double)model->bias[k];
}

heed_status linear_fit(logistic *model, const linear_examples *e, linear_end end, pool *workers,
                       const linear_listener *listener, heed_error *error)
{
    const lbfgs_options options = {.history = HISTORY,
                                   .iterations = end.max_passes,
                                   .tolerance = end.tolerance,
                                   .tell = listener != NULL ? tell_pass : NULL};
    sparse_columns columns = {0};
    lbfgs_result found;
    fitting f = {.listener = listener,
                 .max_passes = end.max_passes,
                 .loss = {.rows = e->rows,
                          .columns = &columns,
                          .target = e->target,
                          .weight = e->weight,
                          .outputs = model->outputs,
                          .softmax = model->softmax,
                          .strength = model->strength,
                          .workers = workers}};
    double *x = memory_array(logistic_parameters(model), sizeof *x);
    heed_status status;
    TRY(x == NULL ? fail_memory(error, "training") : HEED_OK);
    give_weights(x, model);
    TRY(sparse_transpose(&columns, e->rows, model->features, error));
    TRY(linear_loss_init(&f.loss, error));
    TRY(lbfgs_minimise(&found, x, linear_loss_size(&f.loss), linear_loss_value, &f, &options, error));
    if (found.stopped)
        status = fail(error, HEED_STOPPED, "stopped after %u passes", found.iterations);
    else
        status = take_weights(model, x, error);
done:
    linear_loss_release(&f.loss);
    sparse_columns_release(&columns);
    free(x);
    return status;
}

/* ---- answers */

typedef struct scoring {
    const logistic *model;
    const linear_examples *examples;
    float *probability;
    double *loss;
    double *scratch; /* [threads][K] */
} scoring;

static void score_rows(void *context, size_t task, unsigned worker)
{
    const scoring *s = context;
    const sparse_rows *rows = s->examples->rows;
    const float *target = s->examples->target;
    size_t outputs = s->model->outputs, last = (task + 1) * TASK_ROWS;
    for (size_t i = task * TASK_ROWS; i < last && i < rows->count; i++)
        s->loss[i] = logistic_score(s->model, rows->values + rows->first[i], rows->size[i],
                                    target == NULL ? NULL : target + i * outputs, s->scratch + worker * outputs,
                                    s->probability + i * outputs);
}

heed_status linear_score_rows(float *probability, double *loss, const logistic *model, const linear_examples *e,
                              pool *workers, heed_error *error)
{
    scoring s = {model, e, probability, loss,
                 memory_array(pool_threads(workers) * (size_t)model->outputs, sizeof *s.scratch)};
    if (s.scratch == NULL)
        return fail_memory(error, "figures");
    pool_run(workers, (e->rows->count + (size_t)TASK_ROWS - 1) / TASK_ROWS, score_rows, &s);
    free(s.scratch);
    return HEED_OK;
}
