#include "check/check_sample.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"

/* One of 2^53 numbers of [0, 1). */
static double chance_of(size_t row)
{
    const uint32_t counter[4] = {(uint32_t)row, 0, 0, 2};
    uint32_t words[4];
    random_words(words, 1, counter);
    return ((double)(words[0] >> 5) * 67108864 + (double)(words[1] >> 6)) / 9007199254740992.0;
}

/* Selection sampling (Knuth, The art of computer programming, volume 2, algorithm 3.4.2 S). */
heed_status check_sample_draw(check_sample *s, const heed_check *check, uint32_t wanted,
                              uint32_t (*class_of)(const void *context, size_t row), const void *context,
                              heed_error *error)
{
    size_t left = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < check->row_count; i++)
        left += class_of(context, i) != UINT32_MAX;
    for (size_t i = 0; i < check->row_count && wanted > 0; i++) {
        uint32_t class = class_of(context, i);
        if (class == UINT32_MAX || chance_of(i) * (double)left-- >= (double)wanted)
            continue;
        size_t rows = s->capacity, classes = s->capacity;
        TRY(memory_grow(&s->rows, &rows, (size_t)s->count + 1, sizeof *s->rows, error));
        TRY(memory_grow(&s->classes, &classes, (size_t)s->count + 1, sizeof *s->classes, error));
        s->capacity = (uint32_t)rows;
        s->rows[s->count] = (uint32_t)i;
        s->classes[s->count++] = class;
        s->class_count = class >= s->class_count ? class + 1 : s->class_count;
        wanted--;
    }
done:
    return status;
}

void check_sample_release(check_sample *s)
{
    free(s->rows);
    free(s->classes);
    *s = (check_sample){0};
}
