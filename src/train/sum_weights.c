#include "train/sum_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "linear/logistic.h"

enum { FOLDS = 5, MOST_STEPS = 100, NO_FOLD = FOLDS };

void sum_row_logits(double *z, const double *w, const logit_rows *rows, size_t row)
{
    size_t K = rows->outputs;
    for (size_t k = 0; k < K; k++) {
        z[k] = 0;
        for (uint32_t p = 0; p < rows->parts; p++)
            z[k] += w[p] * rows->z[p][row * K + k];
    }
}

/* The state of a fit: P parts. */
typedef struct weight_fit {
    const logit_rows *rows;
    const weight_prior *prior;
    size_t left_out;   /* rows of this fold do not count */
    bool *fixed;       /* [P]: at 0 */
    double *z;         /* [K] scratch */
    double *w, *next;  /* [P] */
    double *gradient;  /* [P] */
    double *curvature; /* [P][P]: second derivatives, then a triangle of them */
} weight_fit;

static bool counts(const weight_fit *f, size_t row)
{
    return row % FOLDS != f->left_out;
}

static heed_status init(weight_fit *f, const logit_rows *rows, const weight_prior *prior, size_t left_out,
                        heed_error *error)
{
    size_t P = rows->parts;
    *f = (weight_fit){.rows = rows,
                      .prior = prior,
                      .left_out = left_out,
                      .fixed = memory_array(P, sizeof(bool)),
                      .z = memory_array(rows->outputs, sizeof(double)),
                      .w = memory_array(P, sizeof(double)),
                      .next = memory_array(P, sizeof(double)),
                      .gradient = memory_array(P, sizeof(double)),
                      .curvature = memory_array(P * P, sizeof(double))};
    if (!f->fixed || !f->z || !f->w || !f->next || !f->gradient || !f->curvature)
        return fail_memory(error, "the weights of a sum");
    memcpy(f->w, prior->center, P * sizeof *f->w);
    return HEED_OK;
}

static void release(weight_fit *f)
{
    free(f->fixed);
    free(f->z);
    free(f->w);
    free(f->next);
    free(f->gradient);
    free(f->curvature);
}

/* ---- the objective */

static double objective(const weight_fit *f, const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < f->rows->count; i++)
        if (counts(f, i)) {
            sum_row_logits(f->z, w, f->rows, i);
            sum +=
                logistic_link(f->z, f->rows->outputs, f->rows->softmax, f->rows->target + i * f->rows->outputs, NULL);
        }
    for (uint32_t p = 0; p < f->rows->parts; p++)
        sum += f->prior->strength / 2 * (w[p] - f->prior->center[p]) * (w[p] - f->prior->center[p]);
    return sum;
}

/* Adds a row's derivatives: of the loss by w_p they are sum_k (p_k - y_k) z_pk; the second ones are sum_k p_k (1 - p_k)
 * z_pk z_qk of sigmoids, and of softmax the covariance of z_p and z_q under p. */
static void add_row(weight_fit *f, size_t row)
{
    const logit_rows *r = f->rows;
    size_t K = r->outputs, P = r->parts;
    const float *y = r->target + row * K;
    sum_row_logits(f->z, f->w, r, row);
    logistic_link(f->z, K, r->softmax, NULL, NULL);
    for (size_t p = 0; p < P; p++) {
        const double *zp = r->z[p] + row * K;
        double mean_p = 0;
        for (size_t k = 0; k < K; k++) {
            f->gradient[p] += (f->z[k] - (double)y[k]) * zp[k];
            mean_p += f->z[k] * zp[k];
        }
        for (size_t q = 0; q <= p; q++) {
            const double *zq = r->z[q] + row * K;
            double both = 0, mean_q = 0;
            for (size_t k = 0; k < K; k++) {
                both += f->z[k] * (r->softmax ? 1 : 1 - f->z[k]) * zp[k] * zq[k];
                mean_q += f->z[k] * zq[k];
            }
            f->curvature[p * P + q] += r->softmax ? both - mean_p * mean_q : both;
        }
    }
}

static void differentiate(weight_fit *f)
{
    size_t P = f->rows->parts;
    for (size_t p = 0; p < P; p++)
        f->gradient[p] = f->prior->strength * (f->w[p] - f->prior->center[p]);
    for (size_t i = 0; i < P * P; i++)
        f->curvature[i] = 0;
    for (size_t p = 0; p < P; p++)
        f->curvature[p * P + p] = f->prior->strength;
    for (size_t i = 0; i < f->rows->count; i++)
        if (counts(f, i))
            add_row(f, i);
}

/* ---- Newton's method */

/* Weights that stay at 0 take no part: their row and column become those of the identity, their gradient 0. */
static void fix(weight_fit *f)
{
    size_t P = f->rows->parts;
    for (size_t p = 0; p < P; p++)
        for (size_t q = 0; q <= p; q++)
            if (f->fixed[p] || f->fixed[q])
                f->curvature[p * P + q] = p == q;
    for (size_t p = 0; p < P; p++)
        if (f->fixed[p])
            f->gradient[p] = 0;
}

/* The step of Newton's method replaces the gradient: the curvature, which is positive definite, as L L' (Cholesky). */
static void solve(weight_fit *f)
{
    size_t P = f->rows->parts;
    double *a = f->curvature, *b = f->gradient;
    for (size_t p = 0; p < P; p++) {
        for (size_t q = 0; q <= p; q++) {
            for (size_t j = 0; j < q; j++)
                a[p * P + q] -= a[p * P + j] * a[q * P + j];
            a[p * P + q] = p == q ? sqrt(a[p * P + p]) : a[p * P + q] / a[q * P + q];
        }
        for (size_t j = 0; j < p; j++)
            b[p] -= a[p * P + j] * b[j];
        b[p] /= a[p * P + p];
    }
    for (size_t p = P; p-- > 0;) {
        for (size_t j = p + 1; j < P; j++)
            b[p] -= a[j * P + p] * b[j];
        b[p] /= a[p * P + p];
    }
}

/* Steps until they are tiny; a step that does not help is halved. */
static void minimise(weight_fit *f)
{
    uint32_t P = f->rows->parts;
    double here = objective(f, f->w);
    for (int step = 0; step < MOST_STEPS; step++) {
        double length = 1, largest = 0, there = INFINITY;
        differentiate(f);
        fix(f);
        solve(f);
        for (; length > 1e-9 && !(there <= here); length /= 2) {
            for (uint32_t p = 0; p < P; p++)
                f->next[p] = f->w[p] - length * f->gradient[p];
            there = objective(f, f->next);
        }
        if (!(there <= here))
            return;
        here = there;
        for (uint32_t p = 0; p < P; p++)
            largest = fmax(largest, fabs(f->next[p] - f->w[p]));
        memcpy(f->w, f->next, P * sizeof *f->w);
        if (largest < 1e-10)
            return;
    }
}

/* The part with the most negative weight; P: none has one. */
static uint32_t most_negative(const weight_fit *f)
{
    uint32_t P = f->rows->parts, worst = P;
    for (uint32_t p = 0; p < P; p++)
        if (f->w[p] < 0 && (worst == P || f->w[p] < f->w[worst]))
            worst = p;
    return worst;
}

static void fit(weight_fit *f)
{
    minimise(f);
    for (uint32_t p = most_negative(f); p < f->rows->parts; p = most_negative(f)) {
        f->fixed[p] = true;
        f->w[p] = 0;
        minimise(f);
    }
}

static heed_status fit_without(double *w, const logit_rows *rows, const weight_prior *prior, size_t left_out,
                               heed_error *error)
{
    weight_fit f;
    heed_status status = init(&f, rows, prior, left_out, error);
    if (status == HEED_OK) {
        fit(&f);
        memcpy(w, f.w, rows->parts * sizeof *w);
    }
    release(&f);
    return status;
}

heed_status sum_weights_fit(double *w, const logit_rows *rows, const weight_prior *prior, heed_error *error)
{
    if (rows->count > 0)
        return fit_without(w, rows, prior, NO_FOLD, error);
    memcpy(w, prior->center, rows->parts * sizeof *w);
    return HEED_OK;
}

heed_status sum_weights_crossfit(double *z, const logit_rows *rows, const weight_prior *prior, heed_error *error)
{
    double *w = memory_array(rows->parts, sizeof *w);
    heed_status status;
    TRY(w == NULL ? fail_memory(error, "the weights of a sum") : HEED_OK);
    for (size_t fold = 0; fold < FOLDS && fold < rows->count; fold++) {
        TRY(fit_without(w, rows, prior, fold, error));
        for (size_t i = fold; i < rows->count; i += FOLDS)
            sum_row_logits(z + i * rows->outputs, w, rows, i);
    }
done:
    free(w);
    return status;
}
