/* Logistic regression on dense rows: its loss, gradient and Hessian are those that their definitions give in double. */
#include "unit/made_dense_rows.h"

#include "linear/dense_curvature.h"

static void gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    double x[MAX_NUMBERS], gradient[MAX_NUMBERS], other[MAX_NUMBERS];
    pool *workers = made_pool(2);
    for (size_t c = 0; c < KINDS; c++) {
        made_loss exact, dense;
        uint64_t seed = c;
        make_problem(ROWS, FEATURES, kinds[c], 0.3);
        made_loss_init(&exact, kinds[c], false, workers);
        made_loss_init(&dense, kinds[c], true, workers);
        size_t n = linear_loss_size(&dense.loss);
        assert_int_equal(n, (FEATURES + 1) * kinds[c].outputs);
        for (size_t i = 0; i < n; i++)
            x[i] = made_number(&seed) - 0.5;
        double value = linear_loss_value(&dense.loss, x, gradient);
        assert_true(fabs(value - linear_loss_value(&exact.loss, x, other)) < 1e-6 * value);
        assert_int_equal(dense.loss.correct, exact.loss.correct);
        check_gradient(gradient, &exact.loss, x, other, 1e-6);
        made_loss_release(&exact);
        made_loss_release(&dense);
    }
    pool_free(workers);
}

/* ---- the Hessian */

enum { FEW_ROWS = 200, MANY_OUTPUTS = 11 }; /* few enough that all of them are used */
static const double SPREAD = 0.2, PENALTY = 1e-8;

/* to [F + 1][K] = H from, by its definition in double. */
static void multiply_hessian(double *to, const double *from, size_t outputs)
{
    for (size_t k = 0; k < outputs; k++) {
        for (size_t f = 0; f <= FEATURES; f++)
            to[f * outputs + k] = f < FEATURES ? PENALTY * from[f * outputs + k] : 0;
        for (size_t i = 0; i < FEW_ROWS; i++) {
            double z = from[FEATURES * outputs + k];
            for (size_t f = 0; f < FEATURES; f++)
                z += (double)p.x[i * FEATURES + f] * from[f * outputs + k];
            for (size_t f = 0; f <= FEATURES; f++)
                to[f * outputs + k] += SPREAD * z * (f < FEATURES ? (double)p.x[i * FEATURES + f] : 1) / FEW_ROWS;
        }
    }
}

/* What is solved is in the span of H, as gradients are: so it has a solution though H is singular but for the penalty.
 */
static void the_hessian_is_inverted(void **state)
{
    (void)state;
    double from[(FEATURES + 1) * MANY_OUTPUTS], product[(FEATURES + 1) * MANY_OUTPUTS],
        again[(FEATURES + 1) * MANY_OUTPUTS];
    pool *workers = made_pool(2);
    for (int singular = 0; singular < 2; singular++)
        for (size_t outputs = 1; outputs <= MANY_OUTPUTS; outputs += 5) {
            dense_frame frame;
            uint64_t seed = outputs;
            make_problem(FEW_ROWS, FEATURES, kinds[0], 0.3);
            if (singular)
                copy_features(FEW_ROWS);
            must(dense_frame_init(&frame, &p.dense, workers, &made_error));
            dense_curvature c = {.frame = &frame, .outputs = outputs, .spread = SPREAD, .workers = workers};
            must(dense_curvature_init(&c, PENALTY, &made_error));
            for (size_t i = 0; i < (FEATURES + 1) * outputs; i++)
                from[i] = made_number(&seed) - 0.5;
            multiply_hessian(product, from, outputs);
            memcpy(from, product, sizeof from);
            dense_curvature_solve(&c, from);
            multiply_hessian(again, from, outputs);
            for (size_t i = 0; i < (FEATURES + 1) * outputs; i++)
                if (!(fabs(again[i] - product[i]) < 1e-3))
                    fail_msg("%zu outputs, number %zu: H times the solution is %g, expected %g", outputs, i, again[i],
                             product[i]);
            dense_curvature_release(&c);
            dense_frame_release(&frame);
        }
    pool_free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_is_that_of_finite_differences),
        cmocka_unit_test(the_hessian_is_inverted),
    };
    return cmocka_run_group_tests_name("dense loss", tests, NULL, NULL);
}
