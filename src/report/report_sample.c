#include "report/report_sample.h"

#include <stdlib.h>

#include "base/random.h"

heed_status row_sample_init(row_sample *s, uint64_t seed, heed_error *error)
{
    s->count = 0;
    s->limit = UINT64_MAX;
    s->seed = seed;
    return intern_init(&s->words, error);
}

static void release_row(sampled_row *row)
{
    encoded_text_release(&row->text);
    token_words_release(&row->words);
}

void row_sample_release(row_sample *s)
{
    for (size_t i = 0; i < s->count; i++)
        release_row(&s->rows[i]);
    s->count = 0;
    intern_release(&s->words);
}

uint64_t row_sample_place(const row_sample *s, uint32_t row)
{
    random_key key = {.seed = s->seed, .purpose = RANDOM_RESAMPLE, .layer = 2, .row = row};
    return (uint64_t)random_word(key, 0) << 32 | row;
}

static int compare_places(const void *a, const void *b)
{
    uint64_t x = ((const sampled_row *)a)->place, y = ((const sampled_row *)b)->place;
    return x < y ? -1 : x > y;
}

void row_sample_trim(row_sample *s)
{
    qsort(s->rows, s->count, sizeof *s->rows, compare_places);
    for (size_t i = REPORT_SAMPLE; i < s->count; i++)
        release_row(&s->rows[i]);
    if (s->count >= REPORT_SAMPLE) {
        s->count = REPORT_SAMPLE;
        s->limit = s->rows[REPORT_SAMPLE - 1].place;
    }
}

heed_status row_sample_take(row_sample *s, sampled_row row, heed_error *error)
{
    if (s->count == 2 * REPORT_SAMPLE)
        row_sample_trim(s);
    s->rows[s->count++] = row;
    return token_words_renumber(&s->rows[s->count - 1].words, &s->words, error);
}
