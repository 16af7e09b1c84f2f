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
    free(c->validations);
    free(c);
}

const heed_comparison_info *heed_comparison_describe(const heed_comparison *comparison)
{
    return &comparison->info;
}

const heed_contender *heed_comparison_contender(const heed_comparison *comparison, size_t i)
{
    return &comparison->contenders[i];
}

const heed_trial *heed_comparison_trial(const heed_comparison *comparison, size_t i)
{
    return &comparison->trials[i];
}
