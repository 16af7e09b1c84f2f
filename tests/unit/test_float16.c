/* Every float16 has its value: IEEE 754's formula in double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "math/float16.h"

static void every_number_has_its_value(void **state)
{
    (void)state;
    for (uint32_t x = 0; x <= UINT16_MAX; x++) {
        int exponent = (int)(x >> 10 & 0x1f), mantissa = (int)(x & 0x3ff);
        float found = float16_value((uint16_t)x);
        double size = exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024 + mantissa, exponent - 25);
        if (exponent == 0x1f && mantissa != 0) {
            assert_true(isnan(found));
            continue;
        }
        assert_true(fabs((double)found) == (exponent == 0x1f ? (double)INFINITY : size));
        assert_true((signbit(found) != 0) == (x >= 0x8000));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_number_has_its_value)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
