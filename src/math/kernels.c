#include "math/kernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(HEED_DOUBLE)

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

/* kernels_avx512_bf16.c also needs the multiplication of bfloat16 pairs. */
static bool has_avx512_bf16(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512bf16");
}

static const kernels *of_this_processor(const char *name)
{
    if (strcmp(name, "avx512-bf16") == 0)
        return has_avx512_bf16() ? &kernels_avx512_bf16 : NULL;
    if (strcmp(name, "avx512") == 0)
        return has_avx512() ? &kernels_avx512 : NULL;
    return strcmp(name, "avx2") == 0 && has_avx2() ? &kernels_avx2 : NULL;
}

#else

static const kernels *of_this_processor(const char *name)
{
    (void)name;
    return NULL;
}

#endif

const kernels *kernels_named(const char *name)
{
#ifndef HEED_DOUBLE
    if (strcmp(name, "generic") == 0)
        return &kernels_generic;
#endif
    return strcmp(name, "plain") == 0 ? &kernels_plain : of_this_processor(name);
}

/* Best first. */
static const char *const preference[] = {"avx512-bf16", "avx512", "avx2", "generic", "plain"};

const kernels *kernels_choose(void)
{
    const char *asked = getenv("HEED_ISA");
    const kernels *found = asked == NULL ? NULL : kernels_named(asked);
    for (size_t i = 0; found == NULL; i++)
        found = kernels_named(preference[i]);
    return found;
}
