/* For tests: dense rows of correlated features, which are also given as sparse ones, and their losses. */
#ifndef UNIT_MADE_DENSE_ROWS_H
#define UNIT_MADE_DENSE_ROWS_H

#include "unit/made_losses.h"

#include "linear/linear_fit.h"

enum { ROWS = 700, FEATURES = 37, MAX_NUMBERS = (FEATURES + 1) * MAX_OUTPUTS };

/* Rows of correlated features, each with an offset and a scale; targets depend on them. */
typedef struct made_problem {
    real x[ROWS * FEATURES];
    sparse_value values[ROWS * FEATURES];
    size_t first[ROWS];
    uint32_t size[ROWS];
    float target[ROWS * MAX_OUTPUTS], weight[ROWS * MAX_OUTPUTS];
    sparse_rows sparse;
    dense_rows dense;
} made_problem;

static made_problem p;

static inline void give_labels(size_t row, double signal, made_kind kind, uint64_t *seed)
{
    float *target = p.target + row * kind.outputs, *weight = p.weight + row * kind.outputs;
    for (size_t k = 0; k < kind.outputs; k++) {
        target[k] = !kind.softmax && signal + made_number(seed) - 0.5 > (double)k * 0.2;
        weight[k] = kind.softmax && k > 0 ? weight[0] : (float)(made_number(seed) * 3);
    }
    if (kind.softmax)
        target[(size_t)(made_number(seed) * (double)kind.outputs * fmin(1, fabs(signal) + 0.3))] = 1;
}

/* magnitudes: features are larger and smaller by up to so many powers of 10, and offsets as much larger than scales. */
static inline void make_problem(size_t rows, size_t features, made_kind kind, double magnitudes)
{
    uint64_t seed = 3;
    memset(&p, 0, sizeof p);
    for (size_t i = 0; i < rows; i++) {
        double common = made_number(&seed) - 0.5, signal = 0;
        p.first[i] = i * features;
        p.size[i] = (uint32_t)features;
        for (size_t j = 0; j < features; j++) {
            double x = common + (made_number(&seed) - 0.5) * 2, place = (double)(j * 7 % 11) / 5 - 1;
            signal += j % 3 == 0 ? x / sqrt((double)features) : 0;
            p.x[i * features + j] = (real)((x + magnitudes * 3 * place) * pow(10, magnitudes * place));
            p.values[i * features + j] = (sparse_value){(uint32_t)j, p.x[i * features + j]};
        }
        give_labels(i, signal, kind, &seed);
    }
    p.sparse = (sparse_rows){p.values, p.first, p.size, (uint32_t)rows};
    p.dense = (dense_rows){p.x, rows, features};
}

static inline linear_examples examples_of(made_kind kind, bool dense)
{
    return (linear_examples){.rows = dense ? NULL : &p.sparse,
                             .dense = dense ? &p.dense : NULL,
                             .target = p.target,
                             .weight = kind.weights ? p.weight : NULL};
}

static inline logistic made_logistic(made_kind kind, double strength)
{
    logistic l;
    must(logistic_init(&l, p.dense.features, (uint32_t)kind.outputs, kind.softmax, &made_error));
    l.strength = strength;
    return l;
}

static inline pool *made_pool(unsigned threads)
{
    pool *workers;
    must(pool_new(&workers, threads, &made_error));
    return workers;
}

/* Features from the 10th on become sums of two of the others. */
static inline void copy_features(size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 10; j < FEATURES; j++)
            p.x[i * FEATURES + j] = p.x[i * FEATURES + j % 10] + p.x[i * FEATURES + (j + 1) % 10];
}

/* A loss on the problem's rows in one of both ways. */
typedef struct made_loss {
    sparse_columns columns;
    dense_frame frame;
    linear_loss loss;
} made_loss;

static inline void made_loss_init(made_loss *m, made_kind kind, bool dense, pool *workers)
{
    const linear_examples e = examples_of(kind, dense);
    *m = (made_loss){.loss = {.rows = e.rows,
                              .columns = &m->columns,
                              .frame = dense ? &m->frame : NULL,
                              .target = e.target,
                              .weight = e.weight,
                              .outputs = kind.outputs,
                              .softmax = kind.softmax,
                              .strength = 0.7,
                              .workers = workers}};
    if (dense)
        must(dense_frame_init(&m->frame, &p.dense, workers, &made_error));
    else
        must(sparse_transpose(&m->columns, &p.sparse, p.dense.features, &made_error));
    must(linear_loss_init(&m->loss, &made_error));
}

static inline void made_loss_release(made_loss *m)
{
    linear_loss_release(&m->loss);
    sparse_columns_release(&m->columns);
    dense_frame_release(&m->frame);
}

#endif
