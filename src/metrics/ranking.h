/* Rows sorted by a score once, so that the areas of each resample take one pass over them. */
#ifndef METRICS_RANKING_H
#define METRICS_RANKING_H

#include "metrics/evaluation.h"

/* A row, sorted by decreasing score. */
typedef struct ranked_row {
    uint32_t row;
    bool is_positive;
    bool ends_step; /* the last row of its score */
} ranked_row;

/* The known rows of an evaluation by their probability of a label, [known_rows]; free() releases them, NULL: no memory.
 */
ranked_row *ranking_new(const heed_evaluation *e, size_t label);
/* As curve_areas_of, each row counted as often as its weight says. */
curve_areas ranking_areas(const ranked_row *ranking, size_t rows, const uint32_t *weight);

#endif
