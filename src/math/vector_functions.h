/* exp, tanh and the sigmoid of vectors: the formulas of math/functions.h, with fused operations. kernels_template.h
 * includes this file and explains the v_ names. */
#ifndef MATH_VECTOR_FUNCTIONS_H
#define MATH_VECTOR_FUNCTIONS_H

#include "math/functions.h"

/* exp(x) = p (1 + q), for EXP_MIN <= x <= EXP_MAX */
INLINE vec v_exp_split(vec x, vec *p)
{
    vec shifted = v_fma(x, v_set(LOG2_E), v_set(EXP_SHIFT)), n = v_sub(shifted, v_set(EXP_SHIFT));
    vec r = v_fnma(n, v_set(LN2_LOW), v_fnma(n, v_set(LN2_HIGH), x));
    vec q = v_fma(v_set(EXPM1_C4), r, v_set(EXPM1_C3));
    q = v_fma(q, r, v_set(EXPM1_C2));
    q = v_fma(q, r, v_set(EXPM1_C1));
    q = v_fma(q, r, v_set(EXPM1_C0));
    *p = v_exponent(shifted);
    return v_fma(v_mul(q, r), r, r);
}

INLINE vec v_exp(vec x)
{
    vec p, q = v_exp_split(v_max(v_set(EXP_MIN), v_min(v_set(EXP_MAX), x)), &p);
    return v_fma(p, q, p);
}

/* 1 / (1 + exp(-x)) */
INLINE vec v_sigmoid(vec x)
{
    return v_div(v_set(1), v_add(v_set(1), v_exp(v_sub(v_set(0), x))));
}

/* t / (t + 2) with t = exp(2 |x|) - 1 */
INLINE vec v_tanh(vec x)
{
    vec size = v_abs(x), p, q = v_exp_split(v_min(v_set(40), v_add(size, size)), &p);
    vec t = v_fma(p, q, v_sub(p, v_set(1)));
    return v_sign_of(x, v_div(t, v_add(t, v_set(2))));
}

#endif
