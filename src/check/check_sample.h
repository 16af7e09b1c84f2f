/* Rows drawn from those of a check. */
#ifndef CHECK_CHECK_SAMPLE_H
#define CHECK_CHECK_SAMPLE_H

#include "check/check_state.h"

/* Rows in the order of the input, each with a class. Begins as {0}. */
typedef struct check_sample {
    uint32_t *rows;
    uint32_t *classes;
    uint32_t count, capacity;
    uint32_t class_count;
} check_sample;

/* Adds `wanted` of the rows that `class_of` gives a class, below UINT32_MAX, or all of them if there are not so many:
 * each set of so many is as likely as another, and the same every time. */
heed_status check_sample_draw(check_sample *s, const heed_check *check, uint32_t wanted,
                              uint32_t (*class_of)(const void *context, size_t row), const void *context,
                              heed_error *error);
void check_sample_release(check_sample *s);

#endif
