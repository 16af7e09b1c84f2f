/* Which processor this is, and what is faster on it. */
#ifndef MATH_PROCESSOR_H
#define MATH_PROCESSOR_H

#include "math/kernels.h"

typedef struct processor {
    char vendor[13]; /* as CPUID has it: "GenuineIntel", "AuthenticAMD"; "": not an x86-64 */
    unsigned family, model;
} processor;

/* A kind of processor on which both formats were measured. */
typedef struct processor_kind {
    const char *vendor;
    unsigned family, first_model, last_model;
    const char *name;
    double bf16_time; /* a prediction with bfloat16 weights, over one with floats */
} processor_kind;

processor processor_here(void);
/* From the vendor and the signature, which are leaf 0 and EAX of leaf 1 of CPUID. */
processor processor_of(const char *vendor, uint32_t signature);
/* NULL: nothing was measured on it. */
const processor_kind *processor_kind_of(const processor *p);
/* Whether predictions with bfloat16 weights are faster than with floats, with these kernels. false where nothing was
 * measured, and for kernels that compute such products from floats. */
bool processor_gains_bf16(const processor *p, const kernels *k);

#endif
