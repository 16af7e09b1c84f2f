#include "labels.h"

#include <string.h>

#include "command.h"

heed_status labels_init(labels *l, const heed_model *model, double threshold, bool named, heed_error *error)
{
    l->names = heed_model_labels(model, &l->count);
    l->positive = heed_model_positive(model);
    l->threshold = threshold;
    if (named && l->count != 2)
        return complain(error, HEED_USAGE, "--threshold: the model has %zu labels, expected two; leave it out, the "
                        "likeliest label is answered", l->count);
    return HEED_OK;
}

size_t labels_choose(const labels *l, const float *probabilities)
{
    if (l->count == 2)
        return (double)probabilities[l->positive] > l->threshold ? l->positive : 1 - l->positive;
    size_t best = 0;
    for (size_t i = 1; i < l->count; i++)
        if (probabilities[i] > probabilities[best])
            best = i;
    return best;
}

/* Ranks are kept sorted by insertion: few are asked for. */
void labels_rank(size_t *ranks, size_t most, const labels *l, const float *probabilities)
{
    size_t held = 1;
    ranks[0] = labels_choose(l, probabilities);
    for (size_t label = 0; label < l->count; label++) {
        if (label == ranks[0])
            continue;
        size_t place = held;
        while (place > 1 && probabilities[label] > probabilities[ranks[place - 1]])
            place--;
        if (place >= most)
            continue;
        size_t last = held < most ? held++ : held - 1;
        memmove(&ranks[place + 1], &ranks[place], (last - place) * sizeof *ranks);
        ranks[place] = label;
    }
}

size_t labels_find(const labels *l, heed_bytes name)
{
    for (size_t i = 0; i < l->count; i++)
        if (strlen(l->names[i]) == name.size && (name.size == 0 || memcmp(l->names[i], name.data, name.size) == 0))
            return i;
    return l->count;
}
