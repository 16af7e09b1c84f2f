#include "wide/wide_parts.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

/* Of one feature, whose occurrences are places [count]. */
static void share_out(double *parts, double whole, const wide_place *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t t = 0; t < places[i].tokens; t++)
            parts[places[i].token + t] += whole / (double)count / places[i].tokens;
}

/* Both lists are sorted by feature; values have only some of the places' features. */
static void share_all(double *parts, const wide *w, const wide_place *places, size_t place_count,
                      const sparse_value *values, size_t value_count, linear_logit logit)
{
    const logistic *l = &w->fit;
    size_t first = 0, end;
    for (size_t v = 0; v < value_count; v++, first = end) {
        uint32_t feature = values[v].index;
        while (places[first].feature != feature)
            first++;
        for (end = first; end < place_count && places[end].feature == feature;)
            end++;
        double weight = (double)l->weights[(size_t)feature * l->outputs + logit.output];
        share_out(parts, logit.sign * (double)values[v].value * weight, places + first, end - first);
    }
}

heed_status wide_add_parts(double *parts, const wide *w, wide_text text, linear_logit logit, heed_error *error)
{
    size_t room = wide_features_room(&w->features, text);
    wide_place *places = memory_array(room, sizeof *places);
    sparse_value *values = memory_array(room, sizeof *values);
    bool fine = places != NULL && values != NULL;
    if (fine) {
        size_t count = wide_row(w, text, places, values);
        size_t listed = wide_features_places(&w->features, text, places);
        share_all(parts, w, places, listed, values, count, logit);
    }
    free(places);
    free(values);
    return fine ? HEED_OK : fail_memory(error, "an explanation");
}
