/* What the linear model is fitted to: the gradient of its loss, links that stay finite, and a fit that ends at the
 * minimum. */
#include "unit/made_losses.h"

#include "linear/linear_fit.h"
#include "linear/span_fit.h"

enum { ROWS = 100, FEATURES = 70, MAX_NUMBERS = (FEATURES + 1) * MAX_OUTPUTS };

/* Rows of a few features each, targets and weights; from a generator of their own. */
typedef struct made_problem {
    sparse_value values[ROWS * 5];
    size_t first[ROWS];
    uint32_t size[ROWS];
    float target[ROWS * MAX_OUTPUTS];
    float weight[ROWS * MAX_OUTPUTS];
    sparse_rows rows;
    sparse_columns columns;
    linear_loss loss;
} made_problem;

static void made_problem_init(made_problem *p, size_t outputs, bool softmax, bool weights, pool *workers)
{
    uint64_t seed = 3;
    memset(p, 0, sizeof *p);
    for (size_t i = 0; i < ROWS; i++) {
        p->first[i] = i * 5;
        p->size[i] = (uint32_t)(i % 6);           /* some rows are empty */
        for (uint32_t j = 0; j < p->size[i]; j++) /* rising */
            p->values[i * 5 + j] =
                (sparse_value){j * 14 + (uint32_t)(made_number(&seed) * 14), (float)made_number(&seed)};
        for (size_t k = 0; k < outputs; k++) /* of a softmax all of a row are one */
            p->weight[i * outputs + k] = softmax && k > 0 ? p->weight[i * outputs] : (float)(made_number(&seed) * 3);
        for (size_t k = 0; k < outputs && !softmax; k++)
            p->target[i * outputs + k] = made_number(&seed) < 0.4;
        if (softmax)
            p->target[i * outputs + (size_t)(made_number(&seed) * (double)outputs)] = 1;
    }
    p->rows = (sparse_rows){p->values, p->first, p->size, ROWS};
    must(sparse_transpose(&p->columns, &p->rows, FEATURES, &made_error));
    p->loss = (linear_loss){.rows = &p->rows,
                            .columns = &p->columns,
                            .target = p->target,
                            .weight = weights ? p->weight : NULL,
                            .outputs = outputs,
                            .softmax = softmax,
                            .strength = 0.7,
                            .workers = workers};
    must(linear_loss_init(&p->loss, &made_error));
}

static void made_problem_release(made_problem *p)
{
    linear_loss_release(&p->loss);
    sparse_columns_release(&p->columns);
}

static void gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    static made_problem p;
    double x[MAX_NUMBERS], gradient[MAX_NUMBERS], other[MAX_NUMBERS];
    pool *workers;
    must(pool_new(&workers, 2, &made_error));
    for (size_t c = 0; c < KINDS; c++) {
        uint64_t seed = c;
        made_problem_init(&p, kinds[c].outputs, kinds[c].softmax, kinds[c].weights, workers);
        size_t n = linear_loss_size(&p.loss);
        assert_int_equal(n, (FEATURES + 1) * kinds[c].outputs);
        for (size_t i = 0; i < n; i++)
            x[i] = made_number(&seed) - 0.5;
        linear_loss_value(&p.loss, x, gradient);
        check_gradient(gradient, &p.loss, x, other, 1e-9);
        made_problem_release(&p);
    }
    pool_free(workers);
}

/* Each of several sigmoids is a problem of its own: values add up, and gradients stand side by side. */
static void sigmoids_are_independent(void **state)
{
    (void)state;
    enum { OUTPUTS = 3 };
    static made_problem all, one;
    double x[MAX_NUMBERS], gradient[MAX_NUMBERS], part[FEATURES + 1], part_gradient[FEATURES + 1], sum = 0;
    pool *workers;
    uint64_t seed = 9;
    must(pool_new(&workers, 1, &made_error));
    made_problem_init(&all, OUTPUTS, false, false, workers);
    made_problem_init(&one, 1, false, false, workers);
    memcpy(one.values, all.values, sizeof one.values);
    sparse_columns_release(&one.columns);
    must(sparse_transpose(&one.columns, &all.rows, FEATURES, &made_error));
    for (size_t i = 0; i < (FEATURES + 1) * OUTPUTS; i++)
        x[i] = made_number(&seed) - 0.5;
    double value = linear_loss_value(&all.loss, x, gradient);
    for (size_t k = 0; k < OUTPUTS; k++) {
        for (size_t i = 0; i < ROWS; i++)
            one.target[i] = all.target[i * OUTPUTS + k];
        for (size_t f = 0; f <= FEATURES; f++)
            part[f] = x[f * OUTPUTS + k];
        sum += linear_loss_value(&one.loss, part, part_gradient);
        for (size_t f = 0; f <= FEATURES; f++)
            assert_true(fabs(part_gradient[f] - gradient[f * OUTPUTS + k]) < 1e-15);
    }
    assert_true(fabs(sum - value) < 1e-13);
    made_problem_release(&all);
    made_problem_release(&one);
    pool_free(workers);
}

static void extreme_logits_stay_finite(void **state)
{
    (void)state;
    static const struct {
        double z[3];
        size_t outputs, truth;
        bool softmax;
        double loss;
    } cases[] = {{{1e4}, 1, 0, false, 0},
                 {{-1e4}, 1, 0, false, 1e4},
                 {{-40}, 1, 0, false, 40},
                 {{0}, 1, 0, false, M_LN2},
                 {{1e4, -1e4, 0}, 3, 1, true, 2e4},
                 {{1e4, -1e4, 0}, 3, 0, true, 0},
                 {{5, 5, 5}, 3, 2, true, 1.0986122886681098}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double z[3], sum = 0;
        float target[3] = {0};
        memcpy(z, cases[i].z, sizeof z);
        target[cases[i].truth] = 1;
        double loss = logistic_link(z, cases[i].outputs, cases[i].softmax, target, NULL);
        assert_true(fabs(loss - cases[i].loss) <= 1e-12 * (1 + cases[i].loss));
        for (size_t k = 0; k < cases[i].outputs; k++) {
            assert_true(z[k] >= 0 && z[k] <= 1);
            sum += z[k];
        }
        assert_true(!cases[i].softmax || fabs(sum - 1) < 1e-12);
    }
}

/* ---- the fit */

typedef struct hearing {
    unsigned passes, stop_after; /* stop_after: passes; 0: never */
    double loss;
} hearing;

static int hear(void *user, const linear_progress *progress)
{
    hearing *h = user;
    assert_int_equal(progress->pass, ++h->passes);
    assert_in_range(progress->pass, 1, progress->max_passes);
    assert_in_range(progress->correct, 0, ROWS);
    h->loss = progress->mean_loss;
    return h->passes == h->stop_after;
}

static logistic made_logistic(size_t outputs, bool softmax)
{
    logistic l;
    must(logistic_init(&l, FEATURES, (uint32_t)outputs, softmax, &made_error));
    l.strength = 0.7;
    return l;
}

static heed_status span_fit_once(logistic *model, const linear_examples *e, linear_end end, pool *workers,
                                 const linear_listener *listener, heed_error *error)
{
    span_fit *f;
    heed_status status = span_fit_new(&f, model, e, workers, error);
    if (status == HEED_OK)
        status = span_fit_run(f, end, listener, error);
    span_fit_free(f);
    return status;
}

static const struct {
    heed_status (*fit)(logistic *model, const linear_examples *e, linear_end end, pool *workers,
                       const linear_listener *listener, heed_error *error);
    linear_end end;
} fits[] = {{linear_fit, {1e-5, 200}}, {span_fit_once, {1e-6, 1000}}};
enum { FITS = sizeof fits / sizeof *fits };

/* The gradient is 0 where the fit ends, its loss is what it told last, and that of the rows' probabilities. */
static void ends_at_the_minimum(size_t fit)
{
    static made_problem p;
    double x[MAX_NUMBERS], gradient[MAX_NUMBERS], loss[ROWS];
    float probability[ROWS * MAX_OUTPUTS];
    pool *workers;
    must(pool_new(&workers, 2, &made_error));
    for (size_t c = 0; c < KINDS; c++) {
        size_t outputs = kinds[c].outputs, weights = FEATURES * outputs;
        made_problem_init(&p, outputs, kinds[c].softmax, kinds[c].weights, workers);
        logistic l = made_logistic(outputs, kinds[c].softmax);
        const linear_examples e = {.rows = &p.rows, .target = p.target, .weight = p.loss.weight};
        hearing h = {0};
        must(fits[fit].fit(&l, &e, fits[fit].end, workers, &(linear_listener){hear, &h}, &made_error));
        for (size_t i = 0; i < weights + outputs; i++)
            x[i] = (double)(i < weights ? l.weights[i] : l.bias[i - weights]);
        linear_loss_value(&p.loss, x, gradient);
        for (size_t i = 0; i < weights + outputs; i++)
            if (!(fabs(gradient[i]) < 2e-5))
                fail_msg("fit %zu, case %zu: number %zu of the gradient is %g at the end", fit, c, i, gradient[i]);
        assert_true(fabs(h.loss - p.loss.mean_loss) < 1e-5);
        must(linear_score_rows(probability, loss, &l, &e, workers, &made_error));
        double sum = 0;
        for (size_t i = 0; i < ROWS; i++)
            sum += loss[i] / ROWS;
        assert_true(kinds[c].weights || fabs(sum - p.loss.mean_loss) < 1e-6);
        logistic_release(&l);
        made_problem_release(&p);
    }
    pool_free(workers);
}

static void both_fits_end_at_the_minimum(void **state)
{
    (void)state;
    for (size_t fit = 0; fit < FITS; fit++)
        ends_at_the_minimum(fit);
}

/* However few passes there may be, all are told, and no more. */
static void a_fit_ends_after_its_last_pass(void **state)
{
    (void)state;
    static made_problem p;
    pool *workers;
    must(pool_new(&workers, 1, &made_error));
    made_problem_init(&p, 4, true, true, workers);
    for (size_t fit = 0; fit < FITS; fit++)
        for (unsigned most = 1; most < 12; most++) {
            logistic l = made_logistic(4, true);
            hearing h = {0};
            const linear_examples e = {.rows = &p.rows, .target = p.target, .weight = p.weight};
            must(fits[fit].fit(&l, &e, (linear_end){1e-9, most}, workers, &(linear_listener){hear, &h}, &made_error));
            assert_int_equal(h.passes, most);
            logistic_release(&l);
        }
    made_problem_release(&p);
    pool_free(workers);
}

/* A later run begins where the one before it ended, and ends where one from zero weights ends. */
static void a_run_goes_on_with_another_strength(void **state)
{
    (void)state;
    static made_problem p;
    pool *workers;
    const linear_end end = {1e-7, 1000};
    must(pool_new(&workers, 2, &made_error));
    made_problem_init(&p, 4, true, false, workers);
    const linear_examples e = {.rows = &p.rows, .target = p.target};
    logistic l = made_logistic(4, true), other = made_logistic(4, true);
    span_fit *f;
    must(span_fit_new(&f, &l, &e, workers, &made_error));
    for (int i = 0; i < 2; i++) {
        l.strength = i == 0 ? 0.7 : 7;
        must(span_fit_run(f, end, NULL, &made_error));
    }
    other.strength = 7;
    must(linear_fit(&other, &e, (linear_end){1e-9, 1000}, workers, NULL, &made_error));
    for (size_t i = 0; i < FEATURES * 4; i++)
        assert_true(fabs((double)(l.weights[i] - other.weights[i])) < 1e-4);
    hearing h = {0};
    must(span_fit_run(f, end, &(linear_listener){hear, &h}, &made_error));
    assert_int_equal(h.passes, 1);
    span_fit_free(f);
    logistic_release(&l);
    logistic_release(&other);
    made_problem_release(&p);
    pool_free(workers);
}

/* Tiles of columns change no bit: each sum is in the order of the values. */
static void a_sparse_product_is_the_sum_in_order(void **state)
{
    (void)state;
    enum { MOST = 37, ROWS_OF_X = 9, VALUES = 7 };
    uint64_t seed = 5;
    sparse_value v[VALUES];
    double x[ROWS_OF_X * MOST], to[MOST], other[MOST], expected[MOST];
    for (size_t width = 1; width <= MOST; width++) {
        for (size_t i = 0; i < VALUES; i++)
            v[i] = (sparse_value){(uint32_t)(made_number(&seed) * ROWS_OF_X), (float)made_number(&seed)};
        for (size_t i = 0; i < ROWS_OF_X * width; i++)
            x[i] = made_number(&seed) - 0.5;
        for (size_t k = 0; k < width; k++) {
            to[k] = other[k] = expected[k] = made_number(&seed);
            for (size_t i = 0; i < VALUES; i++)
                expected[k] += (double)v[i].value * x[v[i].index * width + k];
        }
        sparse_add(to, v, VALUES, x, width);
        sparse_add_anywhere(other, v, VALUES, x, width);
        assert_memory_equal(to, other, width * sizeof *to);
        for (size_t k = 0; k < width; k++)
            assert_true(width == 1 ? fabs(to[k] - expected[k]) < 1e-15 : to[k] == expected[k]);
    }
}

static void a_stopped_fit_leaves_the_model(void **state)
{
    (void)state;
    const linear_end usual_end = {1e-5, 200};
    static made_problem p;
    pool *workers;
    must(pool_new(&workers, 1, &made_error));
    made_problem_init(&p, 1, false, false, workers);
    for (size_t fit = 0; fit < FITS; fit++) {
        logistic l = made_logistic(1, false);
        hearing h = {.stop_after = 2};
        const linear_examples e = {.rows = &p.rows, .target = p.target};
        must_refuse(fits[fit].fit(&l, &e, usual_end, workers, &(linear_listener){hear, &h}, &made_error), HEED_STOPPED,
                    "stopped after 2 passes", "a listener's wish");
        for (size_t i = 0; i < FEATURES; i++)
            assert_true(l.weights[i] == 0);
        must(fits[fit].fit(&l, &e, usual_end, workers, NULL, &made_error)); /* nobody listens */
        assert_true(l.weights[0] != 0);
        logistic_release(&l);
    }
    made_problem_release(&p);
    pool_free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_is_that_of_finite_differences),
        cmocka_unit_test(sigmoids_are_independent),
        cmocka_unit_test(extreme_logits_stay_finite),
        cmocka_unit_test(a_sparse_product_is_the_sum_in_order),
        cmocka_unit_test(both_fits_end_at_the_minimum),
        cmocka_unit_test(a_fit_ends_after_its_last_pass),
        cmocka_unit_test(a_run_goes_on_with_another_strength),
        cmocka_unit_test(a_stopped_fit_leaves_the_model),
    };
    return cmocka_run_group_tests_name("linear loss", tests, NULL, NULL);
}
