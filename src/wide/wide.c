#include "wide/wide.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

heed_status wide_new(wide **out, const wide_spec *spec, wide_features *features, uint32_t outputs, bool softmax,
                     heed_error *error)
{
    wide *w = *out = memory_array(1, sizeof *w);
    heed_status status;
    if (w == NULL) {
        wide_features_release(features);
        return fail_memory(error, "a wide model");
    }
    w->spec = *spec;
    w->features = *features;
    *features = (wide_features){0};
    size_t count = wide_features_count(&w->features);
    TRY(logistic_init(&w->fit, count, outputs, softmax, error));
    w->fit.strength = spec->strength;
    w->scale = memory_array(count, sizeof *w->scale);
    TRY(w->scale == NULL ? fail_memory(error, "a wide model") : HEED_OK);
    return HEED_OK;
done:
    wide_free(w);
    *out = NULL;
    return status;
}

void wide_free(wide *w)
{
    if (w == NULL)
        return;
    wide_features_release(&w->features);
    logistic_release(&w->fit);
    free(w->scale);
    free(w);
}

size_t wide_weigh(const wide_features *f, const float *scale, sparse_value *row, size_t count)
{
    uint32_t first = wide_features_words(f);
    size_t kept = 0, words = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t feature = row[i].index;
        if (scale[feature] == 0)
            continue;
        words += feature < first;
        row[kept++] = (sparse_value){feature, scale[feature]};
    }
    sparse_to_length_one(row, words);
    sparse_to_length_one(row + words, kept - words);
    return kept;
}

size_t wide_row(const wide *w, wide_text text, wide_place *places, sparse_value *out)
{
    return wide_weigh(&w->features, w->scale, out, wide_features_row(&w->features, text, places, out));
}
