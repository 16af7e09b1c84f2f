/* Which processor this is, and what is faster on it. */
#ifndef MATH_PROCESSOR_H
#define MATH_PROCESSOR_H

#include "math/kernels.h"

typedef struct processor {
    char vendor[13]; /* as CPUID has it: "GenuineIntel", "AuthenticAMD"; "": not an x86-64 */
    unsigned family, model;
} processor;

/* What multiplies by bfloat16 weights: a prediction of a recurrent network, a pass through an encoder. */
typedef enum bf16_work { BF16_RECURRENT, BF16_ENCODER, BF16_WORKS } bf16_work;

/* A kind of processor on which both formats were measured. */
typedef struct processor_kind {
    const char *vendor;
    unsigned family, first_model, last_model;
    const char *name;
    double bf16_time[BF16_WORKS]; /* with bfloat16 weights, over that with floats; 0: not measured */
} processor_kind;

processor processor_here(void);
/* From the vendor and the signature, which are leaf 0 and EAX of leaf 1 of CPUID. */
processor processor_of(const char *vendor, uint32_t signature);
/* NULL: nothing was measured on it. */
const processor_kind *processor_kind_of(const processor *p);
/* Whether work with bfloat16 weights is faster than with floats, with these kernels. false where nothing was
 * measured, and for kernels that compute such products from floats. */
bool processor_gains_bf16(const processor *p, bf16_work work, const kernels *k);

#endif
