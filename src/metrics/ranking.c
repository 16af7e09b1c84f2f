#include "metrics/ranking.h"

#include <stdlib.h>

#include "base/memory.h"

typedef struct scored_row {
    scored item;
    uint32_t row;
} scored_row;

static int compare_rows(const void *left, const void *right)
{
    float a = ((const scored_row *)left)->item.score, b = ((const scored_row *)right)->item.score;
    return (a < b) - (a > b); /* rows of equal score are one step, in any order */
}

ranked_row *ranking_new(const heed_evaluation *e, size_t label)
{
    size_t count = 0;
    scored_row *sorted = memory_array(e->known_rows, sizeof *sorted);
    ranked_row *ranking = memory_array(e->known_rows, sizeof *ranking);
    if (sorted == NULL || ranking == NULL) {
        free(sorted);
        free(ranking);
        return NULL;
    }
    for (size_t i = 0; i < e->rows; i++)
        if (evaluation_knows_row(e, i))
            sorted[count++] =
                (scored_row){{evaluation_row(e, i)[label], evaluation_has_truth(e, i, label)}, (uint32_t)i};
    qsort(sorted, count, sizeof *sorted, compare_rows);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || sorted[i + 1].item.score != sorted[i].item.score;
        ranking[i] = (ranked_row){sorted[i].row, sorted[i].item.is_positive, last};
    }
    free(sorted);
    return ranking;
}

curve_areas ranking_areas(const ranked_row *ranking, size_t rows, const uint32_t *weight)
{
    area_sums sums = {0};
    uint64_t hits = 0, alarms = 0;
    for (size_t i = 0; i < rows; i++) {
        uint32_t times = weight[ranking[i].row];
        hits += ranking[i].is_positive ? times : 0;
        alarms += ranking[i].is_positive ? 0 : times;
        if (ranking[i].ends_step)
            area_sums_step(&sums, hits, alarms);
    }
    return area_sums_end(&sums);
}
