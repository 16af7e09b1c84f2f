/* AVX-512: vector_avx512.h. */
#if defined(__x86_64__) && !defined(HEED_DOUBLE)
#include "math/vector_avx512.h"

#define KERNELS kernels_avx512
#define NAME "avx512"

#include "math/kernels_template.h"
#else
typedef int kernels_avx512_is_for_x86_64;
#endif
