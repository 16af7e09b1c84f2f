#include "model/part_table.h"

#include "model/linear_classifier.h"
#include "model/network_classifier.h"
#include "model/wide_classifier.h"

/* The network comes last: what no other kind recognises is an architecture of layers. */
static const classifier_class *const classes[] = {&linear_classifier, &wide_classifier, &network_classifier};

const classifier_class *part_class_of(const char *architecture)
{
    size_t i = 0;
    while (!classes[i]->recognises(architecture))
        i++;
    return classes[i];
}
