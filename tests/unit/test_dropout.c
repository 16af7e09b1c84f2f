/* Dropout in training: the share that is dropped, the mean that is kept, what keys it, and recurrent dropout against
 * plain loops over one row. That no answer depends on the batch is test_network's and test_trainer's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "network/batch.h"
#include "network/dropout.h"
#include "network/initial_weights.h"
#include "network/network.h"

enum { VOCABULARY = 30, WINDOW = 40, ROWS = 9 };

typedef struct bench {
    network *net;
    real *weights;
    batch *packed;
    pass *p;
    uint32_t ids[ROWS][WINDOW];
    batch_row rows[ROWS];
} bench;

/* Rows of 0 to WINDOW tokens, forward through the network. */
static void bench_run(bench *b, const char *architecture, bool training)
{
    network_spec spec = {architecture, VOCABULARY, WINDOW, 1, true, false, HEED_TASK_BINARY, 0};
    heed_error error = {0};
    *b = (bench){0};
    if (network_new(&b->net, &spec, &error) != HEED_OK)
        fail_msg("%s", error.message);
    b->weights = memory_aligned(b->net->weight_count, sizeof *b->weights);
    assert_int_equal(network_initialize(b->net, b->weights, 4, NULL), HEED_OK);
    assert_int_equal(batch_new(&b->packed, b->net, ROWS, NULL), HEED_OK);
    assert_int_equal(pass_new(&b->p, b->net, ROWS_PER_CHUNK, WINDOW, training, NULL), HEED_OK);
    for (uint32_t r = 0; r < ROWS; r++) {
        for (uint32_t t = 0; t < WINDOW; t++)
            b->ids[r][t] = (r * 7 + t * t) % VOCABULARY;
        b->rows[r] = (batch_row){.ids = b->ids[r], .length = (int)(r * 5), .number = 100 + r, .label = r % 2};
    }
    batch_pack(b->packed, b->rows, ROWS);
    b->p->weights = b->weights;
    b->p->chunk = b->packed->chunks;
    b->p->seed = 12;
    b->p->epoch = 3;
    network_forward(b->p);
}

static void bench_release(bench *b)
{
    pass_free(b->p);
    batch_free(b->packed);
    network_free(b->net);
    free(b->weights);
}

/* ---- dropout of a sequence */

static void a_sequence_loses_its_share_and_keeps_its_mean(void **state)
{
    (void)state;
    static const double rates[] = {0, 0.2, 0.5, 0.95};
    static const char *const texts[] = {"embed 60 | dropout 0 | max", "embed 60 | dropout 0.2 | max",
                                        "embed 60 | dropout 0.5 | max", "embed 60 | dropout 0.95 | max"};
    for (size_t i = 0; i < 4; i++) {
        bench b;
        bench_run(&b, texts[i], true);
        const layer *l = &b.net->layers[1];
        const real *x = pass_value(b.p, l->in).data, *y = pass_value(b.p, l->out).data;
        int count = b.p->chunk->positions * l->in.width, dropped = 0;
        assert_true(count == 180 * 60);
        for (int j = 0; j < count; j++) {
            dropped += y[j] == 0;
            assert_true(y[j] == 0 || fabs((double)y[j] * (1 - rates[i]) - (double)x[j]) < 1e-7);
        }
        double allowed = 4 * sqrt(rates[i] * (1 - rates[i]) / count); /* standard deviations */
        if (!(fabs((double)dropped / count - rates[i]) <= allowed))
            fail_msg("'%s' drops %d of %d", texts[i], dropped, count);
        bench_release(&b);
    }
}

static void nothing_is_dropped_in_use(void **state)
{
    (void)state;
    bench with, without;
    bench_run(&with, "embed 6 | dropout 0.5 | bilstm 5 recurrent-dropout 0.5 | dropout 0.5 | attention additive 3",
              false);
    bench_run(&without, "embed 6 | bilstm 5 | attention additive 3", false);
    for (int i = 0; i < with.net->parameter_count; i++) /* which start otherwise, as layers are numbered */
        memcpy(without.weights + without.net->parameters[i].offset, with.weights + with.net->parameters[i].offset,
               parameter_count(&with.net->parameters[i]) * sizeof(real));
    network_forward(without.p);
    assert_memory_equal(with.p->slot[with.net->probability], without.p->slot[without.net->probability],
                        ROWS * sizeof(real));
    bench_release(&with);
    bench_release(&without);
}

/* Another seed, epoch, row or layer drops other elements; equal ones the same; a part of a row is drawn as the whole.
 */
static void factors_follow_their_key(void **state)
{
    (void)state;
    enum { COUNT = 64 };
    bench b;
    bench_run(&b, "embed 60 | dropout 0.5 | dropout 0.5 | max", true);
    const layer *l = &b.net->layers[1];
    real first[COUNT], other[COUNT];
    dropout_factors(first, l, b.p, 0, 0, COUNT, 0.5);
    for (uint32_t from = 0; from < 9; from++) {
        dropout_factors(other, l, b.p, 0, from, COUNT - 10, 0.5);
        assert_memory_equal(other, first + from, (COUNT - 10) * sizeof *other);
    }
    dropout_factors(other, l + 1, b.p, 0, 0, COUNT, 0.5);
    assert_memory_not_equal(other, first, sizeof first);
    dropout_factors(other, l, b.p, 1, 0, COUNT, 0.5);
    assert_memory_not_equal(other, first, sizeof first);
    b.p->epoch++;
    dropout_factors(other, l, b.p, 0, 0, COUNT, 0.5);
    assert_memory_not_equal(other, first, sizeof first);
    b.p->epoch--;
    b.p->seed++;
    dropout_factors(other, l, b.p, 0, 0, COUNT, 0.5);
    assert_memory_not_equal(other, first, sizeof first);
    bench_release(&b);
}

/* ---- recurrent dropout, against plain loops */

enum { UNITS = 6 };

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* x w + h u for column `column` of matrices with this many columns */
static double products(const real *x, int width, const real *w, const double *h, const real *u, int column, int columns)
{
    double sum = 0;
    for (int i = 0; i < width; i++)
        sum += (double)x[i] * (double)w[i * columns + column];
    for (int i = 0; h != NULL && i < UNITS; i++)
        sum += h[i] * (double)u[i * columns + column];
    return sum;
}

/* One step, h and c replaced; dropped: h through the dropout, which the products alone see. */
static void plain_lstm(const layer *l, const real *const w[3], const real *x, const double *dropped, double *h,
                       double *c)
{
    double z[4][UNITS];
    for (int i = 0; i < 4 * UNITS; i++)
        z[i / UNITS][i % UNITS] = products(x, l->in.width, w[0], dropped, w[1], i, 4 * UNITS) + (double)w[2][i];
    for (int i = 0; i < UNITS; i++) {
        c[i] = sigmoid(z[1][i]) * c[i] + sigmoid(z[0][i]) * tanh(z[2][i]);
        h[i] = sigmoid(z[3][i]) * tanh(c[i]);
    }
}

static void plain_gru(const layer *l, const real *const w[3], const real *x, const double *dropped, double *h,
                      double *c)
{
    static const real nothing[1];
    double input[3][UNITS], inner[3][UNITS];
    (void)c;
    for (int i = 0; i < 3 * UNITS; i++) {
        input[i / UNITS][i % UNITS] = products(x, l->in.width, w[0], NULL, NULL, i, 3 * UNITS) + (double)w[2][i];
        inner[i / UNITS][i % UNITS] =
            products(nothing, 0, w[0], dropped, w[1], i, 3 * UNITS) + (double)w[2][3 * UNITS + i];
    }
    for (int i = 0; i < UNITS; i++) {
        double z = sigmoid(input[0][i] + inner[0][i]), r = sigmoid(input[1][i] + inner[1][i]);
        h[i] = z * h[i] + (1 - z) * tanh(input[2][i] + r * inner[2][i]);
    }
}

typedef void (*plain_step)(const layer *, const real *const w[3], const real *, const double *, double *, double *);

/* Row r in direction d: the same factors at every step. */
static void check_row(const bench *b, const layer *l, plain_step take, int r, int d, double rate)
{
    const chunk *c = b->p->chunk;
    const real *x = pass_value(b->p, l->in).data, *out = pass_value(b->p, l->out).data + d * UNITS;
    const real *w[3] = {pass_weight(b->p, l, 3 * d).data, pass_weight(b->p, l, 3 * d + 1).data,
                        pass_weight(b->p, l, 3 * d + 2).data};
    double h[UNITS] = {0}, cell[UNITS] = {0}, dropped[UNITS];
    real factor[UNITS];
    dropout_factors(factor, l, b->p, r, (uint32_t)(d * UNITS), UNITS, rate);
    for (int s = 0; s < c->length[r]; s++) {
        int at = c->offset[d == 0 ? s : c->length[r] - 1 - s] + r;
        for (int i = 0; i < UNITS; i++)
            dropped[i] = h[i] * (double)factor[i];
        take(l, w, x + (ptrdiff_t)at * l->in.width, dropped, h, cell);
        for (int i = 0; i < UNITS; i++)
            if (!(fabs(h[i] - (double)out[at * l->out.width + i]) < 1e-5))
                fail_msg("%s, row %d, direction %d, step %d, unit %d: found %.9g, expected %.9g", l->name, r, d, s, i,
                         (double)out[at * l->out.width + i], h[i]);
    }
}

static void recurrent_dropout_stands_before_the_recurrent_product(void **state)
{
    (void)state;
    static const struct {
        const char *architecture;
        plain_step take;
        int directions;
        double rate;
    } cases[] = {
        {"embed 5 | lstm 6 recurrent-dropout 0.4 | max", plain_lstm, 1, 0.4},
        {"embed 5 | bilstm 6 recurrent-dropout 0.7 | max", plain_lstm, 2, 0.7},
        {"embed 5 | gru 6 recurrent-dropout 0.4 | max", plain_gru, 1, 0.4},
        {"embed 5 | bigru 6 recurrent-dropout 0.7 | max", plain_gru, 2, 0.7},
        {"embed 5 | bigru 6 | max", plain_gru, 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench b;
        bench_run(&b, cases[i].architecture, true);
        for (int r = 0; r < ROWS; r++)
            for (int d = 0; d < cases[i].directions; d++)
                check_row(&b, &b.net->layers[1], cases[i].take, r, d, cases[i].rate);
        bench_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_loses_its_share_and_keeps_its_mean),
        cmocka_unit_test(nothing_is_dropped_in_use),
        cmocka_unit_test(factors_follow_their_key),
        cmocka_unit_test(recurrent_dropout_stands_before_the_recurrent_product),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
