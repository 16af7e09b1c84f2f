#include "linear/feature_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status feature_rows_take(feature_rows *out, const real *values, size_t features, sparse_part part,
                              heed_error *error)
{
    *out = (feature_rows){.owned = memory_aligned(part.count * features, sizeof *out->owned)};
    if (out->owned == NULL)
        return fail_memory(error, "features");
    for (size_t i = 0; i < part.count; i++)
        memcpy(out->owned + i * features, values + part.rows[i] * features, features * sizeof *out->owned);
    out->dense = (dense_rows){out->owned, part.count, features};
    return HEED_OK;
}

void feature_rows_release(feature_rows *r)
{
    sparse_rows_release(&r->sparse);
    free(r->owned);
    *r = (feature_rows){.owned = NULL};
}

size_t feature_rows_count(const feature_rows *r)
{
    return r->dense.count > 0 ? r->dense.count : r->sparse.count;
}

linear_examples feature_rows_examples(const feature_rows *r, const float *target, const float *weight)
{
    bool dense = r->dense.count > 0;
    return (linear_examples){
        .rows = dense ? NULL : &r->sparse, .target = target, .weight = weight, .dense = dense ? &r->dense : NULL};
}

void feature_rows_logits(const feature_rows *r, size_t row, const logistic *l, double *z)
{
    if (r->dense.count > 0)
        logistic_dense_logits(l, r->dense.values + row * l->features, z);
    else
        logistic_logits(l, r->sparse.values + r->sparse.first[row], r->sparse.size[row], z);
}
