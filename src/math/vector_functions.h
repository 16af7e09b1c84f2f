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

/* The upper tail of the normal distribution at |x|, which is `size`; density: exp(-x^2 / 2), NaN where x is */
INLINE vec v_normal_tail(vec size, vec *density)
{
    vec t = v_div(v_set(1), v_fma(v_set(TAIL_T), size, v_set(1)));
    vec sum = v_fma(v_set(TAIL_C8), t, v_set(TAIL_C7));
    sum = v_fma(sum, t, v_set(TAIL_C6));
    sum = v_fma(sum, t, v_set(TAIL_C5));
    sum = v_fma(sum, t, v_set(TAIL_C4));
    sum = v_fma(sum, t, v_set(TAIL_C3));
    sum = v_fma(sum, t, v_set(TAIL_C2));
    sum = v_fma(sum, t, v_set(TAIL_C1));
    sum = v_fma(sum, t, v_set(TAIL_C0));
    *density = v_exp(v_mul(v_set(-0.5f), v_mul(size, size)));
    return v_mul(v_mul(sum, t), *density);
}

/* x P(x) as max(x, 0) - |x| tail(|x|), so that nothing is lost by subtraction from 1 */
INLINE vec v_gelu(vec x)
{
    vec size = v_abs(x), density, tail = v_normal_tail(size, &density);
    return v_fnma(size, tail, v_max(v_set(0), x));
}

/* P(x) + x p(x), p being the density; P(x) = 1/2 + the sign of x (1/2 - tail) */
INLINE vec v_gelu_slope(vec x)
{
    vec density, tail = v_normal_tail(v_abs(x), &density);
    vec below = v_add(v_set(0.5f), v_sign_of(x, v_sub(v_set(0.5f), tail)));
    return v_fma(v_mul(x, v_set(NORMAL_DENSITY_0)), density, below);
}

/* t / (t + 2) with t = exp(2 |x|) - 1 */
INLINE vec v_tanh(vec x)
{
    vec size = v_abs(x), p, q = v_exp_split(v_min(v_set(40), v_add(size, size)), &p);
    vec t = v_fma(p, q, v_sub(p, v_set(1)));
    return v_sign_of(x, v_div(t, v_add(t, v_set(2))));
}

/* tanh(c (x + d x^3)) */
INLINE vec v_gelu_inner(vec x, vec square)
{
    return v_tanh(v_mul(v_mul(v_set(GELU_TANH_SCALE), x), v_fma(v_set(GELU_TANH_CUBE), square, v_set(1))));
}

/* x / 2 (1 + inner) */
INLINE vec v_gelu_tanh(vec x)
{
    vec half = v_mul(v_set(0.5f), x);
    return v_fma(half, v_gelu_inner(x, v_mul(x, x)), half);
}

/* (1 + inner) / 2 + x / 2 (1 - inner^2) c (1 + 3 d x^2) */
INLINE vec v_gelu_tanh_slope(vec x)
{
    vec square = v_mul(x, x), inner = v_gelu_inner(x, square), half = v_set(0.5f);
    vec rate = v_mul(v_set(GELU_TANH_SCALE), v_fma(v_set(3 * GELU_TANH_CUBE), square, v_set(1)));
    vec bend = v_mul(v_mul(v_mul(half, x), rate), v_fnma(inner, inner, v_set(1)));
    return v_add(v_fma(half, inner, half), bend);
}

#endif
