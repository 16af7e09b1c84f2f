#include "train/row_targets.h"

#include "base/memory.h"
#include "base/status.h"

static void fill_target(float *target, const training_data *d, const examples *e, uint32_t i)
{
    uint32_t count;
    const uint32_t *labels = examples_labels(e, i, &count);
    if (d->task == HEED_TASK_BINARY)
        *target = *labels == d->positive;
    else
        for (uint32_t j = 0; j < count; j++)
            target[labels[j]] = 1;
}

heed_status row_targets_make(float **out, const training_data *d, const examples *e, size_t outputs, heed_error *error)
{
    *out = outputs <= SIZE_MAX / ((size_t)e->count + 1) ? memory_array(e->count * outputs, sizeof **out) : NULL;
    for (uint32_t i = 0; i < e->count && *out != NULL; i++)
        fill_target(*out + i * outputs, d, e, i);
    return *out == NULL ? fail_memory(error, "training") : HEED_OK;
}
