/* The contenders of a comparison, the added baselines, and the trials of all.
 */
#ifndef EXPERIMENT_CONTENDERS_H
#define EXPERIMENT_CONTENDERS_H

#include "experiment/comparison.h"

/* Fills contenders and trials, none of which has begun. Baselines that are not among the contenders are added: the
 * first network without its attention, if every network has one, and "linear". */
heed_status contenders_list(heed_comparison *c, const heed_compare_options *o, heed_error *error);

#endif
