#include "check/sources.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/row_features.h"
#include "check/sample_answers.h"
#include "check/statistics.h"
#include "check/wording.h"

enum { SAMPLE_ROWS = 2000, FEW_ROWS = 100 }; /* of each side, at most and at least */

#define LAST_SHARE 0.2
#define CHANCE 1e-4
#define AREA_LEAST 0.6 /* the area under the ROC curve from which on a difference matters */

/* Two sets of rows; side 0 and 1. */
typedef struct sides {
    const heed_check *check;
    unsigned part;   /* training is compared with this; itself: its first rows with its last */
    uint32_t border; /* of the training rows: the number of the first of the last 20% */
    unsigned wanted; /* the side that is drawn */
} sides;

typedef struct two_samples {
    double accuracy, p, area;
    uint32_t rows; /* in all */
} two_samples;

static uint32_t side_of(const void *context, size_t row)
{
    const sides *s = context;
    const checked *r = &s->check->rows[row];
    unsigned part = part_of(r), side = s->part == 0 ? row >= s->border : part == s->part;
    bool in = part == s->part || part == 0;
    return in && !row_is_empty(r) && side == s->wanted ? side : UINT32_MAX;
}

static uint64_t side_rows(const sides *s)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < s->check->row_count; i++)
        rows += side_of(s, i) != UINT32_MAX;
    return rows;
}

/* ---- the test */

typedef struct scored {
    float probability;
    uint32_t class;
} scored;

static int by_probability(const void *a, const void *b)
{
    float x = ((const scored *)a)->probability, y = ((const scored *)b)->probability;
    return (x > y) - (x < y);
}

/* The area under the ROC curve (Mann & Whitney 1947), equal probabilities counting half. */
static double area_of(scored *rows, uint32_t count)
{
    double above = 0, below = 0, ones = 0;
    qsort(rows, count, sizeof *rows, by_probability);
    for (uint32_t i = 0, end; i < count; i = end) {
        double zeros_here = 0, ones_here = 0;
        for (end = i; end < count && rows[end].probability == rows[i].probability; end++) {
            ones_here += rows[end].class;
            zeros_here += 1 - rows[end].class;
        }
        above += ones_here * (below + zeros_here / 2);
        below += zeros_here;
        ones += ones_here;
    }
    return ones > 0 && below > 0 ? above / (ones * below) : 0.5;
}

/* Where the two are one source the number of right answers is binomial, of chance 1/2: both sides have as many rows. */
static heed_status samples_compare(two_samples *out, const check_sample *s, const float *probability, heed_error *error)
{
    scored *rows = memory_array(s->count, sizeof *rows);
    double right = 0, count = s->count;
    if (rows == NULL)
        return fail_memory(error, "two samples");
    for (uint32_t i = 0; i < s->count; i++) {
        rows[i] = (scored){probability[i], s->classes[i]};
        right += (probability[i] > 0.5f) == (s->classes[i] == 1);
    }
    *out = (two_samples){.accuracy = right / count, .rows = s->count};
    out->p = normal_tail((right - count / 2) / sqrt(count / 4));
    out->area = area_of(rows, s->count);
    free(rows);
    return HEED_OK;
}

static heed_status sides_compare(two_samples *out, sides *s, pool *workers, heed_error *error)
{
    check_sample sample = {0};
    float *probability = NULL;
    uint64_t rows[2];
    heed_status status = HEED_OK;
    *out = (two_samples){.p = 1, .area = 0.5};
    for (s->wanted = 0; s->wanted < 2; s->wanted++)
        rows[s->wanted] = side_rows(s);
    uint64_t fewer = rows[0] < rows[1] ? rows[0] : rows[1];
    if (fewer < FEW_ROWS)
        return HEED_OK;
    uint32_t wanted = fewer < SAMPLE_ROWS ? (uint32_t)fewer : SAMPLE_ROWS;
    for (s->wanted = 0; s->wanted < 2; s->wanted++)
        TRY(check_sample_draw(&sample, s->check, wanted, side_of, s, error));
    TRY(sample_answers_make(&probability, &sample, s->check, FEATURES_OF_SOURCES, workers, error));
    status = samples_compare(out, &sample, probability, error);
done:
    check_sample_release(&sample);
    free(probability);
    return status;
}

/* ---- what is said */

static void sides_say(heed_check *c, const sides *s, const two_samples *t)
{
    bool parts = s->part > 0;
    writer *w = finding_begin(&c->found, parts ? "two-sources" : "order-texts", c->rows_of[s->part],
                              c->rows_of[s->part], parts ? SIZE_MAX : s->border);
    finding_parts(&c->found, s->part, 0);
    finding_figure(&c->found, "accuracy", t->accuracy);
    finding_figure(&c->found, "p", t->p);
    finding_figure(&c->found, "auc", t->area);
    finding_figure(&c->found, "sampled", t->rows);
    if (parts)
        writer_print(w, "training and %s rows do not come from one source", part_word(s->part));
    else
        writer_text(w, "the last 20% of the training rows are unlike the others");
    writer_text(w, ": a linear model tells them apart, ");
    say_share(w, t->accuracy);
    writer_print(w, " right where chance is 50%% (of %" PRIu32 " rows, p %.1g), area under the ROC curve %.2f; ",
                 t->rows, t->p, t->area);
    writer_text(w, parts ? "figures of the one do not hold for the other"
                         : "draw the validation rows by chance, not from the end");
}

static heed_status sides_test(heed_check *c, sides *s, pool *workers, heed_error *error)
{
    two_samples t;
    heed_status status = sides_compare(&t, s, workers, error);
    if (status == HEED_OK && t.p < CHANCE && t.area >= AREA_LEAST)
        sides_say(c, s, &t);
    return status;
}

/* The training row at which the last 20% begin. */
static uint32_t border_of(const heed_check *c)
{
    uint64_t before = (uint64_t)((1 - LAST_SHARE) * (double)c->rows_of[0]), seen = 0;
    size_t row = 0;
    for (; row < c->row_count && seen < before; row++)
        seen += part_of(&c->rows[row]) == 0;
    return (uint32_t)row;
}

heed_status sources_find(heed_check *check, pool *workers, heed_error *error)
{
    heed_status status = HEED_OK;
    for (unsigned part = 0; part < PARTS; part++) {
        sides s = {.check = check, .part = part, .border = border_of(check)};
        TRY(sides_test(check, &s, workers, error));
    }
done:
    return status;
}
