/* The contents of a linear model, as text and as JSON. */
#ifndef LINEAR_LINEAR_SUMMARY_H
#define LINEAR_LINEAR_SUMMARY_H

#include <jansson.h>

#include "base/intern.h"
#include "base/writer.h"
#include "linear/linear.h"

/* A model with the words of its features and the labels of its outputs; all of it borrowed. */
typedef struct linear_description {
    const linear *model;
    const intern *words;
    const char *const *labels;
    size_t label_count;
    size_t positive; /* with two labels and one output: the one that the output is for */
} linear_description;

/* Features, parameters, and the features with the largest weights towards each label. */
void linear_summary_print(writer *out, const linear_description *d);
/* The same as a JSON object; NULL without memory. */
json_t *linear_summary_json(const linear_description *d);

#endif
