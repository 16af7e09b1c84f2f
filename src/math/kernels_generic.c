/* The compiler's own vectors: 4 lanes, tiles of 6 x 8. For processors without AVX2, and for others than x86-64: on
 * arm64 these are NEON's registers and its fused multiplication and addition. */
#ifndef HEED_DOUBLE
#include <math.h>
#include <stdint.h>
#include <string.h>

#define KERNELS kernels_generic
#define NAME "generic"
#define LANES 4
#define TILE_VECTORS 2
typedef float vec __attribute__((vector_size(4 * LANES)));
typedef int32_t ivec __attribute__((vector_size(4 * LANES)));
typedef uint32_t uvec __attribute__((vector_size(4 * LANES)));

#define EACH_LANE(i) for (int i = 0; i < LANES; i++)

static inline vec v_load(const float *p)
{
    vec x;
    memcpy(&x, p, sizeof x);
    return x;
}

static inline void v_store(float *p, vec x)
{
    memcpy(p, &x, sizeof x);
}

static inline vec v_load_part(const float *p, int n)
{
    vec x = {0};
    memcpy(&x, p, (size_t)n * sizeof *p);
    return x;
}

static inline void v_store_part(float *p, int n, vec x)
{
    memcpy(p, &x, (size_t)n * sizeof *p);
}

static inline vec v_set(float x)
{
    return (vec){x, x, x, x};
}

static inline vec v_fma(vec a, vec b, vec c)
{
#ifdef __FP_FAST_FMAF
    EACH_LANE(i)
    c[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return c;
#else
    return a * b + c;
#endif
}

static inline vec v_sqrt(vec a)
{
    EACH_LANE(i)
    a[i] = sqrtf(a[i]);
    return a;
}

static inline vec v_choose(ivec mask, vec yes, vec no)
{
    return (vec)((mask & (ivec)yes) | (~mask & (ivec)no));
}

#define v_exponent(x) ((vec)((uvec)(x) << 23))
#define v_upper(x) ((vec)((uvec)(x)&0xffff0000))
#define v_lower(x) ((vec)((uvec)(x) << 16))
#define v_add(a, b) ((a) + (b))
#define v_sub(a, b) ((a) - (b))
#define v_mul(a, b) ((a) * (b))
#define v_div(a, b) ((a) / (b))
#define v_fnma(a, b, c) v_fma(-(a), (b), (c))
#define v_min(a, b) v_choose((a) < (b), (a), (b))
#define v_max(a, b) v_choose((a) > (b), (a), (b))
#define SIGN ((ivec)v_set(-0.0F))
#define v_abs(x) ((vec)(~SIGN & (ivec)(x)))
#define v_sign_of(x, a) ((vec)((SIGN & (ivec)(x)) | (ivec)(a)))

static inline vec v_first(vec x, int n)
{
    return v_load_part((const float *)&x, n);
}

static inline float v_reduce_add(vec x)
{
    return (x[0] + x[2]) + (x[1] + x[3]);
}

static inline float v_reduce_max(vec x)
{
    float max = x[0];
    EACH_LANE(i)
    max = x[i] > max ? x[i] : max;
    return max;
}

#include "math/kernels_template.h"
#else
typedef int kernels_generic_is_for_float;
#endif
