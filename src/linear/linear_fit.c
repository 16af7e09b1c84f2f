#include "linear/linear_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/dense_curvature.h"
#include "linear/lbfgs.h"
#include "linear/linear_loss.h"
#include "math/kernels.h"

enum { HISTORY = 10, TASK_ROWS = 64 };
/* If all rows have the same labels, their predictions still vary while they are fitted. */
static const double LEAST_SPREAD = 1e-3;
/* Of the value of dense rows, which comes from float32 products. */
static const double NOISE = 1e-6;

typedef struct fitting {
    linear_loss loss;          /* first: the minimiser's context is both */
    dense_curvature curvature; /* of dense rows */
    const linear_listener *listener;
    unsigned max_passes;
} fitting;

/* ---- fitting */

static int tell_pass(void *context, unsigned pass, double value)
{
    const fitting *f = context;
    (void)value;
    const linear_progress progress = {pass, f->max_passes, f->loss.mean_loss, f->loss.correct,
                                      linear_loss_rows(&f->loss)};
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

/* What both kinds of rows need: for each parameter the model's float, x, and what L-BFGS keeps; for each row and output
 * target and weight, and afterwards the probability. Counted in double: a product of sizes could be too large. */
static double common_memory(size_t features, size_t outputs, size_t rows)
{
    double parameters = ((double)features + 1) * (double)outputs, cells = (double)rows * (double)outputs;
    double a_parameter = (double)(sizeof(float) + sizeof(double) + lbfgs_memory(HISTORY));
    return parameters * a_parameter + cells * (double)(3 * sizeof(float));
}

/* And dz. */
double linear_fit_memory(size_t features, size_t outputs, size_t rows)
{
    return common_memory(features, outputs, rows) + (double)rows * (double)outputs * sizeof(double);
}

double linear_fit_dense_memory(size_t features, size_t outputs, size_t rows, unsigned threads)
{
    return common_memory(features, outputs, rows) + dense_frame_memory(features) +
           dense_curvature_memory(features, threads) + dense_pass_memory(features, outputs, threads);
}

/* x: the weights and biases of the model. */
static void give_weights(double *x, const logistic *model)
{
    size_t weights = model->features * model->outputs;
    for (size_t i = 0; i < weights; i++)
        x[i] = (double)model->weights[i];
    for (size_t k = 0; k < model->outputs; k++)
        x[weights + k] = (double)model->bias[k];
}

/* p (1 - p) of the outputs on average, p: how often the target is 1; times the weights of the rows. */
static double mean_spread(const linear_loss *l)
{
    size_t cells = linear_loss_rows(l) * l->outputs;
    double spread = 0;
    for (size_t k = 0; k < l->outputs; k++) {
        double all = 0, ones = 0;
        for (size_t i = k; i < cells; i += l->outputs) {
            double weight = l->weight == NULL ? 1 : (double)l->weight[i];
            all += weight;
            ones += weight * (double)l->target[i];
        }
        spread += all > 0 ? ones * (1 - ones / all) : 0;
    }
    spread /= (double)cells;
    return spread > LEAST_SPREAD ? spread : LEAST_SPREAD;
}

static heed_status describe_curvature(fitting *f, heed_error *error)
{
    const linear_loss *l = &f->loss;
    f->curvature =
        (dense_curvature){.frame = l->frame, .outputs = l->outputs, .spread = mean_spread(l), .workers = l->workers};
    return dense_curvature_init(&f->curvature, 1 / (l->strength * (double)linear_loss_rows(l)), error);
}

static void precondition(void *context, double *vector)
{
    fitting *f = context;
    dense_curvature_solve(&f->curvature, vector);
}

/* Moves x to the minimum, and the model with it. */
static heed_status run_fit(fitting *f, logistic *model, double *x, linear_end end, heed_error *error)
{
    const lbfgs_options options = {.history = HISTORY,
                                   .iterations = end.max_passes,
                                   .tolerance = end.tolerance,
                                   .tell = f->listener != NULL ? tell_pass : NULL,
                                   .precondition = f->loss.frame != NULL ? precondition : NULL,
                                   .noise = f->loss.frame != NULL ? NOISE : 0};
    lbfgs_result found;
    heed_status status = lbfgs_minimise(&found, x, linear_loss_size(&f->loss), linear_loss_value, f, &options, error);
    if (status != HEED_OK)
        return status;
    if (found.stopped)
        return fail(error, HEED_STOPPED, "stopped after %u passes", found.iterations);
    return take_weights(model, x, error);
}

heed_status linear_fit(logistic *model, const linear_examples *e, linear_end end, pool *workers,
                       const linear_listener *listener, heed_error *error)
{
    sparse_columns columns = {0};
    dense_frame frame = {0};
    fitting f = {.listener = listener,
                 .max_passes = end.max_passes,
                 .loss = {.rows = e->rows,
                          .columns = &columns,
                          .frame = e->dense != NULL ? &frame : NULL,
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
    TRY(e->dense != NULL ? dense_frame_init(&frame, e->dense, workers, error)
                         : sparse_transpose(&columns, e->rows, model->features, error));
    TRY(linear_loss_init(&f.loss, error));
    TRY(e->dense != NULL ? describe_curvature(&f, error) : HEED_OK);
    TRY(run_fit(&f, model, x, end, error));
done:
    linear_loss_release(&f.loss);
    dense_curvature_release(&f.curvature);
    sparse_columns_release(&columns);
    dense_frame_release(&frame);
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
    const kernels *kernels;
} scoring;

/* probability holds the logits of dense rows. */
static void score_dense_row(const scoring *s, size_t row, const float *target, double *z)
{
    float *probability = s->probability + row * s->model->outputs;
    for (size_t k = 0; k < s->model->outputs; k++)
        z[k] = (double)probability[k];
    s->loss[row] = logistic_link(z, s->model->outputs, s->model->softmax, target, NULL);
    for (size_t k = 0; k < s->model->outputs; k++)
        probability[k] = (float)z[k];
}

static void multiply_dense_rows(const scoring *s, size_t first, size_t count)
{
    const logistic *m = s->model;
    int features = (int)m->features, outputs = (int)m->outputs;
    affine(s->kernels, matrix_of(s->probability + first * m->outputs, (int)count, outputs),
           matrix_of(s->examples->dense->values + first * m->features, (int)count, features),
           matrix_of(m->weights, features, outputs), m->bias);
}

static size_t count_rows(const linear_examples *e)
{
    return e->dense != NULL ? e->dense->count : e->rows->count;
}

static void score_rows(void *context, size_t task, unsigned worker)
{
    const scoring *s = context;
    const sparse_rows *rows = s->examples->rows;
    size_t outputs = s->model->outputs, first = task * TASK_ROWS, count = count_rows(s->examples);
    size_t last = count - first < TASK_ROWS ? count : first + TASK_ROWS;
    double *scratch = s->scratch + worker * outputs;
    if (s->examples->dense != NULL)
        multiply_dense_rows(s, first, last - first);
    for (size_t i = first; i < last; i++) {
        const float *target = s->examples->target == NULL ? NULL : s->examples->target + i * outputs;
        if (s->examples->dense != NULL)
            score_dense_row(s, i, target, scratch);
        else
            s->loss[i] = logistic_score(s->model, rows->values + rows->first[i], rows->size[i], target, scratch,
                                        s->probability + i * outputs);
    }
}

heed_status linear_score_rows(float *probability, double *loss, const logistic *model, const linear_examples *e,
                              pool *workers, heed_error *error)
{
    scoring s = {.model = model,
                 .examples = e,
                 .probability = probability,
                 .loss = loss,
                 .scratch = memory_array(pool_threads(workers) * (size_t)model->outputs, sizeof *s.scratch),
                 .kernels = kernels_choose()};
    if (s.scratch == NULL)
        return fail_memory(error, "figures");
    pool_run(workers, (count_rows(e) + TASK_ROWS - 1) / TASK_ROWS, score_rows, &s);
    free(s.scratch);
    return HEED_OK;
}
