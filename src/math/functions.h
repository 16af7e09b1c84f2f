/* exp, tanh and the sigmoid of one number, within 4 units in the last place; vector_functions.h has the same formulas
 * for vectors. All three use exp(x) = p (1 + q) with x = n ln 2 + r, p = 2^n and q = exp(r) - 1. */
#ifndef MATH_FUNCTIONS_H
#define MATH_FUNCTIONS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "math/real.h"

#define SQRT_HALF ((real)0.70710678118654752440)        /* 1 / sqrt(2) */
#define NORMAL_DENSITY_0 ((real)0.39894228040143267794) /* 1 / sqrt(2 pi) */
#define GELU_TANH_SCALE ((real)0.79788456080286535588)  /* sqrt(2 / pi) */
#define GELU_TANH_CUBE ((real)0.044715)

#ifdef HEED_DOUBLE

static inline real function_exp(real x)
{
    return exp(x);
}

static inline real function_sigmoid(real x)
{
    return 1 / (1 + exp(-x));
}

static inline real function_tanh(real x)
{
    return tanh(x);
}

static inline real function_erf(real x)
{
    return erf(x);
}

#else

/* exp(r) - 1 = r + r^2 (c0 + c1 r + ...) for |r| <= ln 2 / 2, with the coefficients that minimise the maximal relative
 * error, 2^-26 (Remez). */
#define EXPM1_C0 0.49999997f
#define EXPM1_C1 0.16666543f
#define EXPM1_C2 0.0416672f
#define EXPM1_C3 0.0083665475f
#define EXPM1_C4 0.0013882517f
#define LOG2_E 1.44269504088896341f
/* ln 2 in two parts (Cody & Waite 1980). The first is so short that its product with every n is exact. */
#define LN2_HIGH 0.693359375f
#define LN2_LOW (-2.12194440e-4f)
/* exp is constant outside, since 2^n would not be a normal number there. */
#define EXP_MIN (-87.3f)
#define EXP_MAX 88.3f
/* 1.5 * 2^23 + 127: adding it rounds to an integer n and leaves n + 127 in the last bits, the exponent of 2^n. */
#define EXP_SHIFT 12583039.0f

typedef struct exp_parts {
    float p, q;
} exp_parts;

/* For EXP_MIN <= x <= EXP_MAX, or NaN, which makes q NaN. */
static inline exp_parts exp_split(float x)
{
    float shifted = x * LOG2_E + EXP_SHIFT;
    float n = shifted - EXP_SHIFT;
    float r = (x - n * LN2_HIGH) - n * LN2_LOW;
    float q = EXPM1_C3 + r * EXPM1_C4;
    q = EXPM1_C2 + r * q;
    q = EXPM1_C1 + r * q;
    q = EXPM1_C0 + r * q;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits <<= 23;
    exp_parts e = {0, r + r * r * q};
    memcpy(&e.p, &bits, sizeof bits);
    return e;
}

static inline float function_exp(float x)
{
    exp_parts e = exp_split(x < EXP_MIN ? EXP_MIN : x > EXP_MAX ? EXP_MAX : x);
    return e.p + e.p * e.q;
}

/* 1 / (1 + exp(-x)) */
static inline float function_sigmoid(float x)
{
    return 1 / (1 + function_exp(-x));
}

/* t / (t + 2) with t = exp(2 |x|) - 1, which is exact near 0 and needs no second branch */
static inline float function_tanh(float x)
{
    float size = 2 * fabsf(x);
    exp_parts e = exp_split(size > 40 ? 40 : size);
    float t = (e.p - 1) + e.p * e.q;
    return copysignf(t / (t + 2), x);
}

static inline float function_erf(float x)
{
    return erff(x);
}

/* The upper tail of the normal distribution: exp(-x^2 / 2) t (c0 + c1 t + ...) for x >= 0, with t = 1 / (1 + TAIL_T x);
 * the form is that of Hastings (Abramowitz & Stegun 7.1.26), the coefficients minimise the maximal relative error for
 * x <= 14, 2^-24. */
#define TAIL_T 0.35f
#define TAIL_C0 0.1396214f
#define TAIL_C1 0.13986187f
#define TAIL_C2 0.11983293f
#define TAIL_C3 0.10550771f
#define TAIL_C4 (-0.023108993f)
#define TAIL_C5 0.1591727f
#define TAIL_C6 (-0.25571278f)
#define TAIL_C7 0.14397088f
#define TAIL_C8 (-0.02914574f)

#endif
#endif
