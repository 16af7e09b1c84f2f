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

const kernels *kernels_named(const char *name)
{
    if (strcmp(name, "avx512") == 0)
        return has_avx512() ? &kernels_avx512 : NULL;
    if (strcmp(name, "avx2") == 0)
        return has_avx2() ? &kernels_avx2 : NULL;
    return strcmp(name, "plain") == 0 ? &kernels_plain : NULL;
}

#else

const kernels *kernels_named(const char *name)
{
    return strcmp(name, "plain") == 0 ? &kernels_plain : NULL;
}

#endif

const kernels *kernels_choose(void)
{
    const char *asked = getenv("HEED_ISA");
    const kernels *found = asked == NULL ? NULL : kernels_named(asked);
    if (found == NULL)
        found = kernels_named("avx512");
    if (found == NULL)
        found = kernels_named("avx2");
    return found == NULL ? &kernels_plain : found;
}
