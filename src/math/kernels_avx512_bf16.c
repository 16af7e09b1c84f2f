/* AVX-512 with the multiplication of bfloat16 pairs (AVX512_BF16). Floats have the bits of kernels_avx512.c. */
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
#include "math/vector_avx512.h"

#define KERNELS kernels_avx512_bf16
#define NAME "avx512-bf16"

#define v_round_pairs(to, a, b) _mm512_storeu_si512((to), (__m512i)_mm512_cvtne2ps_pbh((b), (a)))
#define v_wide(x) _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(x))
#define v_pair(a, b) _mm512_castsi512_ps(_mm512_or_si512(v_wide(a), _mm512_slli_epi32(v_wide(b), 16)))
#define v_dot_pairs(x, w, c)                                                                                           \
    _mm512_dpbf16_ps((c), (__m512bh)_mm512_set1_epi32((int)(x)), (__m512bh)_mm512_castps_si512(w))

#include "math/kernels_template.h"
#else
typedef int kernels_avx512_bf16_is_for_x86_64;
#endif
