/* float16: IEEE 754's binary16, with a sign, 5 bits of exponent and 10 of mantissa. */
#ifndef MATH_FLOAT16_H
#define MATH_FLOAT16_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Exact. */
static inline float float16_value(uint16_t x)
{
    uint32_t exponent = x >> 10 & 0x1f, mantissa = x & 0x3ff;
    float value;
    if (exponent == 0) {
        value = (float)mantissa * 0x1p-24f;
    } else {
        uint32_t bits = (exponent == 0x1f ? 0xff : exponent + 112) << 23 | mantissa << 13;
        memcpy(&value, &bits, sizeof value);
    }
    return x & 0x8000 ? -value : value;
}

#endif
