/* L-BFGS finds the least value of functions whose least value is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "linear/lbfgs.h"

enum { MOST = 200 };

static lbfgs_options options = {.history = 10, .iterations = 500, .tolerance = 1e-8};

/* ---- functions */

/* Rosenbrock 1960, extended to n numbers: least value 0 at 1, 1, 1 ... */
static double rosenbrock(void *context, const double *x, double *gradient)
{
    size_t n = *(const size_t *)context;
    double value = 0;
    for (size_t i = 0; i < n; i++)
        gradient[i] = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        value += 100 * a * a + b * b;
        gradient[i] = -400 * a * x[i] - 2 * b;
        gradient[i + 1] = 200 * a;
    }
    return value;
}

/* sum of i^2 / 2 (x_i - i)^2: the steepest direction is 40,000 times as steep as the flattest. */
static double valley(void *context, const double *x, double *gradient)
{
    size_t n = *(const size_t *)context;
    double value = 0;
    for (size_t i = 0; i < n; i++) {
        double stiff = (double)(i + 1) * (double)(i + 1), away = x[i] - (double)i;
        value += stiff / 2 * away * away;
        gradient[i] = stiff * away;
    }
    return value;
}

/* x^4 in one number, flat at its least value. */
static double quartic(void *context, const double *x, double *gradient)
{
    (void)context;
    *gradient = 4 * *x * *x * *x;
    return *x * *x * *x * *x;
}

/* -x + exp(x), no finite number from 700 on: a step may overshoot into infinity. */
static double overshooting(void *context, const double *x, double *gradient)
{
    (void)context;
    *gradient = 1000 * (exp(1000 * *x) - 1);
    return exp(1000 * *x) - 1000 * *x;
}

static double broken(void *context, const double *x, double *gradient)
{
    (void)context;
    (void)x;
    *gradient = 1;
    return NAN;
}

/* ---- tests */

static void least_values_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        lbfgs_function function;
        size_t n;
        double start, tolerance; /* of x */
        double least, step;      /* x_i = least + step i */
    } cases[] = {
        {"Rosenbrock", rosenbrock, 2, -1.2, 1e-6, 1, 0},   {"Rosenbrock of many", rosenbrock, 100, -1.2, 1e-6, 1, 0},
        {"valley", valley, MOST, 5, 1e-6, 0, 1},           {"one number", valley, 1, 5, 1e-8, 0, 1},
        {"at the least value", rosenbrock, 2, 1, 0, 1, 0}, {"quartic", quartic, 1, 3, 1e-2, 0, 0},
        {"overshooting", overshooting, 1, -3, 1e-9, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (unsigned history = 1; history <= 20; history += 19) {
            double x[MOST];
            size_t n = cases[i].n;
            lbfgs_result result;
            lbfgs_options o = {.history = history, .iterations = 5000, .tolerance = 1e-8};
            for (size_t j = 0; j < n; j++)
                x[j] = cases[i].start;
            assert_int_equal(lbfgs_minimise(&result, x, n, cases[i].function, &n, &o, NULL), HEED_OK);
            if (!result.converged || !(result.gradient <= 1e-8))
                fail_msg("%s: not converged in %u iterations: gradient %g", cases[i].name, result.iterations,
                         result.gradient);
            for (size_t j = 0; j < n; j++)
                if (!(fabs(x[j] - cases[i].least - cases[i].step * (double)j) <= cases[i].tolerance))
                    fail_msg("%s: x[%zu] = %.12f", cases[i].name, j, x[j]);
        }
}

static void few_iterations_do(void **state)
{
    (void)state;
    size_t n = 2;
    double x[2] = {-1.2, 1};
    lbfgs_result result;
    assert_int_equal(lbfgs_minimise(&result, x, n, rosenbrock, &n, &options, NULL), HEED_OK);
    assert_in_range(result.iterations, 10, 60); /* steepest descent needs thousands */
    assert_in_range(result.evaluations, result.iterations, 90);
}

static unsigned heard;
static double heard_value;

static int stop_at_five(void *context, unsigned iteration, double value)
{
    (void)context;
    assert_int_equal(iteration, heard + 1);
    assert_true(iteration == 1 || value <= heard_value); /* it never climbs */
    heard = iteration;
    heard_value = value;
    return iteration == 5;
}

/* The inverse Hessian of valley. */
static void invert_valley(void *context, double *vector)
{
    for (size_t i = 0; i < *(const size_t *)context; i++)
        vector[i] *= 7 / ((double)(i + 1) * (double)(i + 1)); /* the scale does not matter */
}

static void the_inverse_hessian_saves_iterations(void **state)
{
    (void)state;
    size_t n = MOST;
    for (int known = 0; known < 2; known++) {
        double x[MOST] = {0};
        lbfgs_result result;
        lbfgs_options o = options;
        o.iterations = 5000;
        o.precondition = known ? invert_valley : NULL;
        assert_int_equal(lbfgs_minimise(&result, x, n, valley, &n, &o, NULL), HEED_OK);
        assert_true(result.converged);
        assert_in_range(result.iterations, known ? 1 : 50, known ? 4 : 5000);
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(x[i] - (double)i) < 1e-6);
    }
}

/* valley, far above 0 and rounded to floats; the gradient is exact. */
static double coarse_valley(void *context, const double *x, double *gradient)
{
    return (double)(float)(1000 + valley(context, x, gradient));
}

static void slopes_decide_where_values_are_imprecise(void **state)
{
    (void)state;
    size_t n = 20;
    for (int told = 0; told < 2; told++) {
        double x[MOST] = {0};
        lbfgs_result result;
        lbfgs_options o = options;
        o.noise = told ? 1e-7 : 0;
        assert_int_equal(lbfgs_minimise(&result, x, n, coarse_valley, &n, &o, NULL), HEED_OK);
        assert_true(result.converged == (told == 1));
        for (size_t i = 0; i < n && told; i++)
            assert_true(fabs(x[i] - (double)i) < 1e-6);
    }
}

static void it_can_be_stopped_and_limited(void **state)
{
    (void)state;
    size_t n = 2;
    double x[2] = {-1.2, 1};
    lbfgs_result result;
    lbfgs_options o = options;
    o.tell = stop_at_five;
    assert_int_equal(lbfgs_minimise(&result, x, n, rosenbrock, &n, &o, NULL), HEED_OK);
    assert_true(result.stopped && !result.converged);
    assert_int_equal(result.iterations, 5);
    assert_true(result.value == heard_value);
    o = (lbfgs_options){.history = 5, .iterations = 3, .tolerance = 1e-8};
    assert_int_equal(lbfgs_minimise(&result, x, n, rosenbrock, &n, &o, NULL), HEED_OK);
    assert_true(!result.stopped && !result.converged);
    assert_int_equal(result.iterations, 3);
}

static void a_value_that_is_no_number_is_refused(void **state)
{
    (void)state;
    double x = 0;
    heed_error error;
    lbfgs_result result;
    assert_int_equal(lbfgs_minimise(&result, &x, 1, broken, NULL, &options, &error), HEED_BAD_DATA);
    assert_string_equal(error.message, "L-BFGS: the start value is not a finite number");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_values_are_found),
        cmocka_unit_test(few_iterations_do),
        cmocka_unit_test(the_inverse_hessian_saves_iterations),
        cmocka_unit_test(slopes_decide_where_values_are_imprecise),
        cmocka_unit_test(it_can_be_stopped_and_limited),
        cmocka_unit_test(a_value_that_is_no_number_is_refused),
    };
    return cmocka_run_group_tests_name("L-BFGS", tests, NULL, NULL);
}
