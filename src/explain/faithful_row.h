/* The effect of erasing the words of one text, of permuting its attention and of randomising the network: the measures
 * of one row, whose means over rows are heed_faithfulness. heed.h describes each measure. */
#ifndef EXPLAIN_FAITHFUL_ROW_H
#define EXPLAIN_FAITHFUL_ROW_H

#include "base/pool.h"
#include "model/model.h"

/* The purpose of a random number, as the layer of RANDOM_EXPLAIN's keys. */
enum { DRAW_SAMPLE, DRAW_TIES, DRAW_ORDER, DRAW_PERMUTATION };

enum { MAX_METHODS = 5 }; /* random order is one of them */

typedef enum row_measure {
    ROW_COMPREHENSIVENESS,
    ROW_SUFFICIENCY = HEED_ERASED,
    ROW_OVER_RANDOM = 2 * HEED_ERASED,
    ROW_UNDER_RANDOM,
    ROW_GAIN,
    ROW_LEAVE_ONE_OUT,
    ROW_RANDOM_WEIGHTS,
    ROW_MEASURES
} row_measure;

/* Scratch for one caller at a time. */
typedef struct row_measurer row_measurer;

/* model, options (no number is 0) and workers are borrowed. */
heed_status row_measurer_new(row_measurer **out, const heed_model *model, const heed_faithfulness_options *options,
                             pool *workers, heed_error *error);
void row_measurer_free(row_measurer *m);
/* The methods that the model has, and HEED_METHOD_AUTO last; borrowed. */
const heed_method *row_measurer_methods(const row_measurer *m, size_t *count);
/* Measures a text, whose number in the sample is the key of its random numbers. measures [methods][ROW_MEASURES] and
 * permuted are NaN if not defined; for a text of fewer than two words or too many tokens *measured is false, and
 * nothing else is set. */
heed_status row_measurer_run(row_measurer *m, heed_bytes text, uint32_t number, double *measures, double *permuted,
                             bool *measured, heed_error *error);

#endif
