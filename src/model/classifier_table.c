#include "model/classifier_table.h"

#include <stdlib.h>

#include "base/status.h"
#include "model/linear_classifier.h"
#include "model/network_classifier.h"
#include "model/wide_classifier.h"

/* The network comes last: what no other kind recognises is an architecture of layers. */
static const classifier_class *const classes[] = {&linear_classifier, &wide_classifier, &network_classifier};

const classifier_class *classifier_class_of(const char *architecture)
{
    size_t i = 0;
    while (!classes[i]->recognises(architecture))
        i++;
    return classes[i];
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
