#include "math/processor.h"

#include <string.h>

/* Measured as bench/run --only prediction does: the tutorial's network, unmasked; and as bench/encoder.py does: batches
 * of 32 texts through MiniLM. docs/USAGE.md shows this table. */
static const processor_kind kinds[] = {
    {"AuthenticAMD", 25, 16, 31, "AMD EPYC 9004 (Zen 4)", {0.80}},
    {"AuthenticAMD", 26, 0, 31, "AMD EPYC 9005 (Zen 5)", {0.80, 0.60}},
    {"GenuineIntel", 6, 143, 143, "Intel Xeon Sapphire Rapids", {1.47}},
};

processor processor_of(const char *vendor, uint32_t signature)
{
    processor p = {.family = signature >> 8 & 15, .model = signature >> 4 & 15};
    memcpy(p.vendor, vendor, strnlen(vendor, sizeof p.vendor - 1));
    if (p.family == 6 || p.family == 15)
        p.model += (signature >> 16 & 15) << 4;
    if (p.family == 15)
        p.family += signature >> 20 & 255;
    return p;
}

#if defined(__x86_64__)

#include <cpuid.h>

processor processor_here(void)
{
    unsigned highest = 0, signature = 0, features[3] = {0};
    struct {
        unsigned part[3];
        char end;
    } vendor = {{0}, 0};
    if (__get_cpuid(0, &highest, &vendor.part[0], &vendor.part[2], &vendor.part[1]) == 0 ||
        __get_cpuid(1, &signature, &features[0], &features[1], &features[2]) == 0)
        return (processor){.family = 0};
    return processor_of((const char *)&vendor, signature);
}

#else

processor processor_here(void)
{
    return (processor){.family = 0};
}

#endif

const processor_kind *processor_kind_of(const processor *p)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const processor_kind *k = &kinds[i];
        if (strcmp(p->vendor, k->vendor) == 0 && p->family == k->family && p->model >= k->first_model &&
            p->model <= k->last_model)
            return k;
    }
    return NULL;
}

bool processor_gains_bf16(const processor *p, bf16_work work, const kernels *k)
{
    const processor_kind *kind = processor_kind_of(p);
    double time = kind == NULL ? 0 : kind->bf16_time[work];
    return time > 0 && time < 1 && k == kernels_named("avx512-bf16");
}
