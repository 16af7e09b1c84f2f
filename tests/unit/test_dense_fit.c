/* Logistic regression on dense rows ends where that on the same rows as sparse ones does, which is computed in double,
 * and where scikit-learn's does; few passes, the same bits, and what is refused. */
#include "unit/failing_memory.h"
#include "unit/made_dense_rows.h"

static const linear_end close_end = {1e-6, 2000};

typedef struct hearing {
    unsigned passes, stop_after; /* stop_after: passes; 0: never */
} hearing;

static int hear(void *user, const linear_progress *progress)
{
    hearing *h = user;
    assert_int_equal(progress->pass, ++h->passes);
    assert_int_equal(progress->rows, p.dense.count);
    assert_in_range(progress->correct, 0, p.dense.count);
    return h->passes == h->stop_after;
}

/* The largest element of the gradient, in double, where the model is. */
static double exact_gradient(const logistic *l, made_kind kind, pool *workers)
{
    double x[MAX_NUMBERS], gradient[MAX_NUMBERS], most = 0;
    size_t weights = l->features * l->outputs;
    made_loss exact;
    made_loss_init(&exact, kind, false, workers);
    exact.loss.strength = l->strength;
    for (size_t i = 0; i < weights + l->outputs; i++)
        x[i] = (double)(i < weights ? l->weights[i] : l->bias[i - weights]);
    linear_loss_value(&exact.loss, x, gradient);
    for (size_t i = 0; i < weights + l->outputs; i++)
        most = fmax(most, fabs(gradient[i]));
    made_loss_release(&exact);
    return most;
}

static void a_dense_fit_ends_where_the_sparse_one_does(void **state)
{
    (void)state;
    pool *workers = made_pool(2);
    for (size_t c = 0; c < KINDS; c++) {
        float probability[2][ROWS * MAX_OUTPUTS];
        double loss[2][ROWS];
        make_problem(ROWS, FEATURES, kinds[c], 0.3);
        logistic l[2];
        for (int dense = 0; dense < 2; dense++) {
            const linear_examples e = examples_of(kinds[c], dense);
            l[dense] = made_logistic(kinds[c], 0.7);
            must(linear_fit(&l[dense], &e, close_end, workers, NULL, &made_error));
            must(linear_score_rows(probability[dense], loss[dense], &l[dense], &e, workers, &made_error));
        }
        assert_true(exact_gradient(&l[1], kinds[c], workers) < 2e-6);
        for (size_t i = 0; i < FEATURES * kinds[c].outputs; i++)
            assert_true(fabs((double)(l[0].weights[i] - l[1].weights[i])) < 1e-3);
        for (size_t i = 0; i < ROWS * kinds[c].outputs; i++)
            assert_true(fabs((double)(probability[0][i] - probability[1][i])) < 1e-4);
        for (size_t i = 0; i < ROWS; i++)
            assert_true(fabs(loss[0][i] - loss[1][i]) < 1e-3);
        logistic_release(&l[0]);
        logistic_release(&l[1]);
    }
    pool_free(workers);
}

/* scikit-learn 1.9.1, LogisticRegression(C=2, tol=1e-12, max_iter=100000), of these rows in double. */
static void weights_are_those_of_scikit_learn(void **state)
{
    (void)state;
    enum { N = 60, F = 4, K = 3 };
    static const double weights[F][K] = {{-1.66841283, 0.58531722, 1.08309560},
                                         {-0.07480414, 0.14753090, -0.07272676},
                                         {-0.12990392, -0.25609335, 0.38599727},
                                         {-0.25616539, 0.03528814, 0.22087726}};
    static const double bias[K] = {8.30912723, 1.63627196, -9.94539920};
    const made_kind kind = {K, true, false};
    uint64_t seed = 11;
    make_problem(N, F, kind, 0);
    memset(p.target, 0, sizeof p.target);
    for (size_t i = 0; i < N; i++) {
        double common = made_number(&seed);
        for (size_t j = 0; j < F; j++)
            p.x[i * F + j] = (real)((common + made_number(&seed)) * (double)(j + 1) + 5 * (double)j);
        double any = made_number(&seed) * K;
        p.target[i * K + (size_t)(i % 3 == 0 ? any : fmin(2, (double)p.x[i * F] * 1.5))] = 1;
    }
    pool *workers = made_pool(2);
    logistic l = made_logistic(kind, 2);
    const linear_examples e = examples_of(kind, true);
    must(linear_fit(&l, &e, close_end, workers, NULL, &made_error));
    for (size_t i = 0; i < F * K; i++)
        assert_true(fabs((double)l.weights[i] - weights[i / K][i % K]) < 1e-4);
    for (size_t k = 0; k < K; k++)
        assert_true(fabs((double)l.bias[k] - bias[k]) < 1e-3);
    logistic_release(&l);
    pool_free(workers);
}

/* Fits from zero weights, or from those that the model has, and returns the passes. */
static unsigned count_passes(logistic *l, made_kind kind, double tolerance, pool *workers)
{
    hearing h = {0};
    const linear_examples e = examples_of(kind, true);
    must(linear_fit(l, &e, (linear_end){tolerance, 500}, workers, &(linear_listener){hear, &h}, &made_error));
    return h.passes;
}

/* (Without knowing the features' scales and correlations it takes hundreds.) */
static void scales_and_offsets_of_features_cost_no_passes(void **state)
{
    (void)state;
    pool *workers = made_pool(2);
    for (size_t c = 0; c < KINDS; c++) {
        make_problem(ROWS, FEATURES, kinds[c], 2);
        logistic l = made_logistic(kinds[c], 10);
        assert_in_range(count_passes(&l, kinds[c], 1e-4, workers), 3, 60);
        assert_true(exact_gradient(&l, kinds[c], workers) < 2e-4);
        logistic_release(&l);
    }
    pool_free(workers);
}

static void a_fit_goes_on_from_the_weights_of_the_model(void **state)
{
    (void)state;
    pool *workers = made_pool(2);
    for (size_t c = 0; c < KINDS; c++) {
        make_problem(ROWS, FEATURES, kinds[c], 0.3);
        logistic l = made_logistic(kinds[c], 0.1);
        unsigned before = count_passes(&l, kinds[c], 1e-6, workers);
        assert_in_range(before, 3, 60);
        assert_int_equal(count_passes(&l, kinds[c], 2e-6, workers), 0);
        l.strength = 0.12;
        assert_in_range(count_passes(&l, kinds[c], 1e-6, workers), 1, before - 1);
        logistic_release(&l);
    }
    pool_free(workers);
}

static void threads_change_no_bit(void **state)
{
    (void)state;
    for (size_t c = 0; c < KINDS; c++) {
        float weights[MAX_NUMBERS], probability[2][ROWS * MAX_OUTPUTS];
        double loss[2][ROWS];
        make_problem(ROWS, FEATURES, kinds[c], 0.3);
        for (unsigned threads = 1; threads <= 3; threads++) {
            int other = threads > 1;
            const linear_examples e = examples_of(kinds[c], true);
            pool *workers = made_pool(threads);
            logistic l = made_logistic(kinds[c], 0.7);
            must(linear_fit(&l, &e, close_end, workers, NULL, &made_error));
            must(linear_score_rows(probability[other], loss[other], &l, &e, workers, &made_error));
            size_t size = l.features * l.outputs * sizeof *weights;
            if (other) {
                assert_memory_equal(weights, l.weights, size);
                assert_memory_equal(probability[0], probability[1], ROWS * kinds[c].outputs * sizeof(float));
                assert_memory_equal(loss[0], loss[1], sizeof loss[0]);
            }
            memcpy(weights, l.weights, size);
            logistic_release(&l);
            pool_free(workers);
        }
    }
}

/* ---- few rows, few features, and what is refused */

static void one_row_and_one_feature_are_enough(void **state)
{
    (void)state;
    static const struct {
        size_t rows, features;
    } sizes[] = {{1, 1}, {1, FEATURES}, {2, 1}, {127, 1}, {128, 1}, {129, 2}, {ROWS, 1}};
    pool *workers = made_pool(2);
    for (size_t c = 0; c < KINDS; c++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            make_problem(sizes[i].rows, sizes[i].features, kinds[c], 0.3);
            logistic l = made_logistic(kinds[c], 0.7);
            const linear_examples e = examples_of(kinds[c], true);
            must(linear_fit(&l, &e, (linear_end){1e-5, 200}, workers, NULL, &made_error));
            double found = exact_gradient(&l, kinds[c], workers);
            if (!(found < 2e-5))
                fail_msg("case %zu, %zu rows of %zu features: gradient %g", c, sizes[i].rows, sizes[i].features, found);
            logistic_release(&l);
        }
    pool_free(workers);
}

/* A feature that is the same in all rows has no weight, whatever its value. */
static void a_constant_feature_has_no_weight(void **state)
{
    (void)state;
    const made_kind kind = {3, true, false};
    pool *workers = made_pool(2);
    make_problem(ROWS, FEATURES, kind, 0);
    for (size_t i = 0; i < ROWS; i++)
        p.x[i * FEATURES + 5] = 1234.567F;
    logistic l = made_logistic(kind, 10);
    assert_in_range(count_passes(&l, kind, 1e-5, workers), 3, 60);
    for (size_t k = 0; k < 3; k++)
        assert_true(fabs((double)l.weights[5 * 3 + k]) < 1e-3);
    logistic_release(&l);
    pool_free(workers);
}

/* Features that are sums of others make the Hessian singular but for the penalty, which hardly counts here. */
static void copies_of_features_are_fitted(void **state)
{
    (void)state;
    const made_kind kind = {1, false, false};
    pool *workers = made_pool(2);
    make_problem(ROWS, FEATURES, kind, 0.3);
    copy_features(ROWS);
    logistic l = made_logistic(kind, 1e6);
    assert_in_range(count_passes(&l, kind, 1e-4, workers), 3, 60);
    for (size_t i = 0; i < FEATURES; i++)
        assert_true(isfinite(l.weights[i]));
    logistic_release(&l);
    pool_free(workers);
}

/* Sums of their squares are no floats, and the weights are tiny. The penalty on these does not count, so the loss is
 * that of the same rows with a weak one. */
static void huge_values_are_fitted(void **state)
{
    (void)state;
    const made_kind kind = {1, false, false};
    pool *workers = made_pool(2);
    double sum[2] = {0};
    for (int huge = 0; huge < 2; huge++) {
        float probability[ROWS];
        double loss[ROWS];
        make_problem(ROWS, 5, kind, 0);
        for (size_t i = 0; i < ROWS * 5; i++)
            p.x[i] *= huge ? 0x1p100F : 1;
        logistic l = made_logistic(kind, huge ? 1 : 1e6);
        const linear_examples e = examples_of(kind, true);
        must(linear_fit(&l, &e, (linear_end){1e-5, 200}, workers, NULL, &made_error));
        must(linear_score_rows(probability, loss, &l, &e, workers, &made_error));
        for (size_t i = 0; i < ROWS; i++)
            sum[huge] += loss[i] / ROWS;
        logistic_release(&l);
    }
    assert_true(sum[0] > 0.1 && sum[0] < 0.65 && fabs(sum[0] - sum[1]) < 1e-5);
    pool_free(workers);
}

static void values_that_are_no_numbers_are_refused(void **state)
{
    (void)state;
    static const float wrong[] = {NAN, INFINITY, -INFINITY, 0x1p126F, -0x1p127F};
    static const size_t places[][2] = {{0, 0}, {1, 3}, {ROWS - 1, FEATURES - 1}};
    pool *workers = made_pool(2);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
            char piece[64];
            make_problem(ROWS, FEATURES, kinds[0], 0);
            p.x[places[j][0] * FEATURES + places[j][1]] = wrong[i];
            logistic l = made_logistic(kinds[0], 1);
            const linear_examples e = examples_of(kinds[0], true);
            snprintf(piece, sizeof piece, "row %zu of the features: number %zu is %g,", places[j][0] + 1,
                     places[j][1] + 1, (double)wrong[i]);
            must_refuse(linear_fit(&l, &e, close_end, workers, NULL, &made_error), HEED_BAD_DATA, piece, "a value");
            for (size_t f = 0; f < FEATURES; f++)
                assert_true(l.weights[f] == 0);
            logistic_release(&l);
        }
    pool_free(workers);
}

static void a_stopped_fit_leaves_the_model(void **state)
{
    (void)state;
    pool *workers = made_pool(1);
    make_problem(ROWS, FEATURES, kinds[0], 0);
    logistic l = made_logistic(kinds[0], 1);
    hearing h = {.stop_after = 2};
    const linear_examples e = examples_of(kinds[0], true);
    must_refuse(linear_fit(&l, &e, close_end, workers, &(linear_listener){hear, &h}, &made_error), HEED_STOPPED,
                "stopped after 2 passes", "a listener's wish");
    for (size_t f = 0; f < FEATURES; f++)
        assert_true(l.weights[f] == 0);
    logistic_release(&l);
    pool_free(workers);
}

typedef struct fitting {
    logistic *l;
    const linear_examples *e;
    pool *workers;
} fitting;

static heed_status fit(void *user)
{
    const fitting *f = user;
    heed_status status = linear_fit(f->l, f->e, close_end, f->workers, NULL, &made_error);
    assert_true((status == HEED_OK) == (f->l->weights[0] != 0));
    return status;
}

static void a_fit_without_memory_fails(void **state)
{
    (void)state;
    pool *workers = made_pool(1);
    const linear_examples e = examples_of(kinds[2], true);
    make_problem(ROWS, FEATURES, kinds[2], 0);
    logistic l = made_logistic(kinds[2], 1);
    assert_true(fail_without_memory(fit, &(fitting){&l, &e, workers}, &made_error, "a fit") > 15);
    float probability[ROWS * MAX_OUTPUTS];
    double loss[ROWS];
    left = 0;
    heed_status status = linear_score_rows(probability, loss, &l, &e, workers, &made_error);
    left = LONG_MAX;
    must_refuse(status, HEED_FAILED, "memory", "scores");
    logistic_release(&l);
    pool_free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dense_fit_ends_where_the_sparse_one_does),
        cmocka_unit_test(weights_are_those_of_scikit_learn),
        cmocka_unit_test(scales_and_offsets_of_features_cost_no_passes),
        cmocka_unit_test(a_fit_goes_on_from_the_weights_of_the_model),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(one_row_and_one_feature_are_enough),
        cmocka_unit_test(a_constant_feature_has_no_weight),
        cmocka_unit_test(copies_of_features_are_fitted),
        cmocka_unit_test(huge_values_are_fitted),
        cmocka_unit_test(values_that_are_no_numbers_are_refused),
        cmocka_unit_test(a_stopped_fit_leaves_the_model),
        cmocka_unit_test(a_fit_without_memory_fails),
    };
    return cmocka_run_group_tests_name("dense fit", tests, NULL, NULL);
}
