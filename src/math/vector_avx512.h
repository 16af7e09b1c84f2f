/* What kernels_template.h needs, with AVX-512 (F, BW, DQ, VL): 16 lanes, tiles of 6 x 64. */
#ifndef MATH_VECTOR_AVX512_H
#define MATH_VECTOR_AVX512_H

#include <immintrin.h>

#define LANES 16
#define TILE_VECTORS 4
typedef __m512 vec;

#define first_lanes(n) ((__mmask16)((1u << (n)) - 1))
#define v_load(p) _mm512_loadu_ps(p)
#define v_store(p, x) _mm512_storeu_ps((p), (x))
#define v_load_part(p, n) _mm512_maskz_loadu_ps(first_lanes(n), (p))
#define v_store_part(p, n, x) _mm512_mask_storeu_ps((p), first_lanes(n), (x))
#define v_set(x) _mm512_set1_ps(x)
#define v_add(a, b) _mm512_add_ps((a), (b))
#define v_sub(a, b) _mm512_sub_ps((a), (b))
#define v_mul(a, b) _mm512_mul_ps((a), (b))
#define v_div(a, b) _mm512_div_ps((a), (b))
#define v_min(a, b) _mm512_min_ps((a), (b))
#define v_max(a, b) _mm512_max_ps((a), (b))
#define v_sqrt(a) _mm512_sqrt_ps(a)
#define v_fma(a, b, c) _mm512_fmadd_ps((a), (b), (c))
#define v_fnma(a, b, c) _mm512_fnmadd_ps((a), (b), (c))
#define v_exponent(x) _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), 23))
#define SIGN _mm512_set1_ps(-0.0f)
#define v_abs(x) _mm512_andnot_ps(SIGN, (x))
#define v_upper(x) _mm512_and_ps(_mm512_castsi512_ps(_mm512_set1_epi32((int)0xffff0000)), (x))
#define v_lower(x) _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), 16))
#define v_sign_of(x, a) _mm512_or_ps(_mm512_and_ps(SIGN, (x)), (a))
#define v_first(x, n) _mm512_maskz_mov_ps(first_lanes(n), (x))
#define v_reduce_add(x) _mm512_reduce_add_ps(x)
#define v_reduce_max(x) _mm512_reduce_max_ps(x)

#endif
