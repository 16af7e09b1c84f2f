/* AVX2 and FMA: 8 lanes, tiles of 6 x 16. */
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
#include <immintrin.h>

#define KERNELS kernels_avx2
#define NAME "avx2"
#define LANES 8
#define TILE_VECTORS 2
typedef __m256 vec;

static inline __m256i first_lanes(int n)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#define v_load(p) _mm256_loadu_ps(p)
#define v_store(p, x) _mm256_storeu_ps((p), (x))
#define v_load_part(p, n) _mm256_maskload_ps((p), first_lanes(n))
#define v_store_part(p, n, x) _mm256_maskstore_ps((p), first_lanes(n), (x))
#define v_set(x) _mm256_set1_ps(x)
#define v_add(a, b) _mm256_add_ps((a), (b))
#define v_sub(a, b) _mm256_sub_ps((a), (b))
#define v_mul(a, b) _mm256_mul_ps((a), (b))
#define v_div(a, b) _mm256_div_ps((a), (b))
#define v_min(a, b) _mm256_min_ps((a), (b))
#define v_max(a, b) _mm256_max_ps((a), (b))
#define v_sqrt(a) _mm256_sqrt_ps(a)
#define v_fma(a, b, c) _mm256_fmadd_ps((a), (b), (c))
#define v_fnma(a, b, c) _mm256_fnmadd_ps((a), (b), (c))
#define v_exponent(x) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 23))
#define SIGN _mm256_set1_ps(-0.0f)
#define v_abs(x) _mm256_andnot_ps(SIGN, (x))
#define v_upper(x) _mm256_and_ps(_mm256_castsi256_ps(_mm256_set1_epi32((int)0xffff0000)), (x))
#define v_lower(x) _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 16))
#define v_sign_of(x, a) _mm256_or_ps(_mm256_and_ps(SIGN, (x)), (a))
#define v_first(x, n) _mm256_and_ps((x), _mm256_castsi256_ps(first_lanes(n)))

/* The upper half is added to the lower one, until one number is left. */
static inline float v_reduce_add(__m256 x)
{
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

static inline float v_reduce_max(__m256 x)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

#include "math/kernels_template.h"
#else
typedef int kernels_avx2_is_for_x86_64;
#endif
