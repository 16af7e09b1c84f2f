#include "train/mean_weights.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status mean_weights_init(mean_weights *out, double share, size_t count, heed_error *error)
{
    *out = (mean_weights){.count = count, .share = share};
    if (share <= 0)
        return HEED_OK;
    out->mean = memory_array(count, sizeof *out->mean);
    return out->mean == NULL ? fail_memory(error, "the mean of the weights") : HEED_OK;
}

void mean_weights_release(mean_weights *m)
{
    free(m->mean);
    *m = (mean_weights){.mean = NULL};
}

void mean_weights_begin(mean_weights *m)
{
    m->points = 0;
}

bool mean_weights_want(const mean_weights *m, uint64_t step, uint64_t steps)
{
    uint64_t last = (uint64_t)ceil(m->share * (double)steps); /* how many steps count */
    uint64_t distance = last < MEAN_POINTS ? 1 : last / MEAN_POINTS;
    return m->mean != NULL && steps - step < last && (steps - step) % distance == 0 &&
           (steps - step) / distance < MEAN_POINTS;
}

void mean_weights_add(mean_weights *m, const real *weights)
{
    real share = 1 / (real)++m->points;
    for (size_t i = 0; i < m->count; i++)
        m->mean[i] = m->points == 1 ? weights[i] : m->mean[i] + (weights[i] - m->mean[i]) * share;
}
