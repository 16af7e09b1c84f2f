/* The contents of a wide model, as text and as JSON. */
#ifndef WIDE_WIDE_SUMMARY_H
#define WIDE_WIDE_SUMMARY_H

#include <jansson.h>

#include "base/writer.h"
#include "wide/wide.h"

/* A model with the words of its features and the labels of its outputs; all of it borrowed. */
typedef struct wide_description {
    const wide *model;
    const intern *words;
    const char *const *labels;
    size_t label_count;
    size_t positive; /* with two labels and one output: the one that the output is for */
} wide_description;

/* What the features are, in a few words: "n-grams of 1-3 words, weighted by naive Bayes ratio". */
void wide_features_print(writer *out, const wide_spec *spec);
/* Features, parameters, and the features with the largest weights towards each label. */
void wide_summary_print(writer *out, const wide_description *d);
/* The same as a JSON object; NULL without memory. */
json_t *wide_summary_json(const wide_description *d);

#endif
