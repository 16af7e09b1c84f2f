/* The features of many rows: which there are, their weights, and the rows' values by them. */
#ifndef WIDE_WIDE_ROWS_H
#define WIDE_WIDE_ROWS_H

#include "base/pool.h"
#include "wide/wide.h"

/* The features of examples that are whole texts, each once, with value 1. */
heed_status wide_rows_make(sparse_rows *out, const wide_features *f, const examples *rows, pool *workers,
                           heed_error *error);
/* Weights [F] of the features that at least spec->min_count rows of the part have; 0 of the others.
 *
 *   idf     ln((1 + n) / (1 + rows with it)) + 1, of n rows
 *   ratio   ln((p / |p|) / (q / |q|)): p is 1 + the rows of the label 1 with it, |p| the sum over all kept n-grams of
 *           words, or of letters; q the same of the other label (Wang & Manning 2012, section 2.3)
 *
 * target [N]: 1 or 0, for the ratio. */
heed_status wide_scale(float *scale, const wide_features *f, const wide_spec *spec, const sparse_rows *rows,
                       sparse_part part, const float *target, heed_error *error);
/* The values of the part's rows by these weights. */
heed_status wide_rows_weigh(sparse_rows *out, const wide_features *f, const float *scale, const sparse_rows *rows,
                            sparse_part part, heed_error *error);

#endif
