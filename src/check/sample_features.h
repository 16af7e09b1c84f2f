/* The features of sampled rows as sparse rows. */
#ifndef CHECK_SAMPLE_FEATURES_H
#define CHECK_SAMPLE_FEATURES_H

#include "base/pool.h"
#include "check/check_sample.h"
#include "check/row_features.h"
#include "linear/sparse.h"

typedef struct sample_features {
    sparse_rows rows; /* TF-IDF of features that are there or not, scaled to length 1 */
    size_t count;     /* features */
} sample_features;

/* Those that at least three of the rows have. Release it in any case. */
heed_status sample_features_make(sample_features *out, const check_sample *s, const heed_check *check, unsigned kinds,
                                 pool *workers, heed_error *error);
void sample_features_release(sample_features *f);

/* The digests of each row, [count]; features_free releases them. */
heed_status sample_features_read(row_features **out, const check_sample *s, const heed_check *check, unsigned kinds,
                                 pool *workers, heed_error *error);
void sample_features_free(row_features *all, const check_sample *s);

#endif
