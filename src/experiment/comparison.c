#include "experiment/comparison.h"

#include <stdlib.h>

void heed_comparison_free(heed_comparison *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->contender_count; i++) {
        free((void *)(uintptr_t)c->options[i].architecture);
        free(c->names[i]);
    }
    for (size_t i = 0; c->problems != NULL && i < c->trial_count; i++)
        free(c->problems[i]);
    free(c->options);
    free(c->names);
    free(c->contenders);
    free(c->trials);
    free(c->problems);
    free(c);
}

const heed_contender *heed_comparison_contenders(const heed_comparison *comparison, size_t *count)
{
    *count = comparison->contender_count;
    return comparison->contenders;
}

const heed_trial *heed_comparison_trials(const heed_comparison *comparison, size_t *count)
{
    *count = comparison->trial_count;
    return comparison->trials;
}
