/* For tests: corpora of made rows, and what a model trained on them is worth. */
#ifndef UNIT_MADE_TRAINING_H
#define UNIT_MADE_TRAINING_H

#include "unit/made_rows.h"

#include <math.h>

#include "model/network_classifier.h"

static inline heed_corpus *corpus_of(const char *train, const char *validation, const heed_text_options *text)
{
    heed_corpus *c = made_corpus(text);
    must(add_rows(c, train, HEED_PART_ANY, NULL));
    if (validation != NULL)
        must(add_rows(c, validation, HEED_PART_VALIDATION, NULL));
    return c;
}

/* Mean loss of the model's answers to the validation rows of told_rows-like text: label<TAB>text lines. */
static inline double loss_of(const heed_model *m, const char *tsv)
{
    heed_predictor *p;
    size_t count = 0;
    double sum = 0;
    const char *const *names = heed_model_describe(m)->labels;
    must(heed_predictor_new(&p, m, 1, &made_error));
    for (const char *line = strchr(tsv, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, count++) {
        float probability[8];
        size_t size = strcspn(line, "\t"), label = 0;
        heed_bytes text = {line + size + 1, strcspn(line, "\n") - size - 1};
        must(heed_predictor_run(probability, p, &text, 1, &made_error));
        while (strlen(names[label]) != size || memcmp(names[label], line, size) != 0)
            label++;
        sum -= log((double)probability[label]);
    }
    heed_predictor_free(p);
    return sum / (double)count;
}

/* No weight of a network is broken. */
static inline void check_finite(const heed_model *m)
{
    for (size_t i = 0; i < model_network(m)->net->weight_count; i++)
        assert_true(isfinite(model_network(m)->weights[i]));
}

#endif
