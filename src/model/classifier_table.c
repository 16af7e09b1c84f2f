#include "model/classifier_table.h"

#include <stdlib.h>

#include "base/status.h"
#include "model/part_table.h"
#include "model/sum_classifier.h"
#include "network/architecture.h"

const classifier_class *classifier_class_of(const char *architecture)
{
    return sum_classifier.recognises(architecture) ? &sum_classifier : part_class_of(architecture);
}

heed_status heed_architecture_check(const char *architecture, heed_error *error)
{
    char *canonical = NULL;
    if (architecture == NULL)
        return fail(error, HEED_USAGE, "--architecture: found none, expected layers, linear or wide");
    architecture_recipe recipe = architecture_recipe_of(architecture);
    if (recipe == RECIPE_UNKNOWN)
        return fail(error, HEED_USAGE,
                    "architecture: found '%.60s', expected recipe default, recipe fast, recipe best or recipe network",
                    architecture);
    if (recipe != RECIPE_NONE)
        return HEED_OK;
    heed_status status = classifier_class_of(architecture)->canonical(&canonical, architecture, error);
    free(canonical);
    return status;
}
