#include "linear/linear.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status linear_new(linear **out, ngrams *features, uint32_t outputs, bool softmax, heed_error *error)
{
    linear *l = *out = memory_array(1, sizeof *l);
    if (l == NULL) {
        ngrams_release(features);
        return fail_memory(error, "a linear model");
    }
    l->features = *features;
    *features = (ngrams){0};
    heed_status status = logistic_init(&l->fit, ngrams_count(&l->features), outputs, softmax, error);
    if (status != HEED_OK) {
        linear_free(l);
        *out = NULL;
    }
    return status;
}

void linear_free(linear *l)
{
    if (l == NULL)
        return;
    ngrams_release(&l->features);
    logistic_release(&l->fit);
    free(l);
}
