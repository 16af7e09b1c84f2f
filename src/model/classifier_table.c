#include "model/classifier_table.h"

#include <stdlib.h>

#include "base/status.h"
#include "model/part_table.h"
#include "model/sum_classifier.h"

const classifier_class *classifier_class_of(const char *architecture)
{
    return sum_classifier.recognises(architecture) ? &sum_classifier : part_class_of(architecture);
}

heed_status heed_architecture_check(const char *architecture, heed_error *error)
{
    char *canonical = NULL;
    if (architecture == NULL)
        return fail(error, HEED_USAGE, "--architecture: found none, expected layers, linear or wide");
    heed_status status = classifier_class_of(architecture)->canonical(&canonical, architecture, error);
    free(canonical);
    return status;
}
