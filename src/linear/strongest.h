/* The features of a fit with the largest weights towards each label, as text and as JSON. */
#ifndef LINEAR_STRONGEST_H
#define LINEAR_STRONGEST_H

#include <jansson.h>

#include "base/writer.h"
#include "linear/logistic.h"

/* All of it borrowed. */
typedef struct strongest_features {
    const logistic *fit;
    const float *scale; /* [F]: by which a feature's weight is multiplied; NULL: all 1 */
    const char *const *labels;
    size_t label_count;
    size_t positive; /* with two labels and one output: the one that the output is for */
    void (*name)(writer *out, const void *context, size_t feature);
    const void *context;
} strongest_features;

/* "a sigmoid for each label". */
const char *logistic_link_text(const logistic *l);
/* A heading, then two lines or more for each label. */
void strongest_print(writer *out, const strongest_features *s);
/* An object: label -> features with their weights; NULL without memory. */
json_t *strongest_json(const strongest_features *s);

#endif
