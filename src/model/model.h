/* A trained classifier: text pipeline, vocabulary, labels, a network or a linear model, the record of its training. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/config.h"
#include "linear/linear.h"
#include "metrics/answer.h"
#include "metrics/figures.h"
#include "network/network.h"
#include "text/cleaner.h"
#include "text/vocabulary.h"

struct heed_model {
    model_config config;
    heed_cleaner *cleaner;
    char *stop_list;           /* config.text.stop_words is "list": a word a line, with its end */
    size_t stop_list_size;
    vocabulary words;
    char **labels;             /* [config.labels.count], sorted bytewise */
    double *thresholds;        /* [model_threshold_count]: floats, above which a label is answered */
    linear *linear;            /* NULL where the model is a network, */
    network *net;              /* which is NULL where it is linear */
    real *weights;             /* [net->weight_count] */
    heed_figures *train, *validation; /* [config.training.epochs_run]; validation loss NaN where there is none */
};

/* What it answers by; borrows its thresholds. */
answer_rule model_rule(const heed_model *model);
/* Whether it can be explained so. */
bool model_has_method(const heed_model *model, heed_method method);
/* Labels of a multi-label model; else 1. */
uint32_t model_threshold_count(const model_config *config);
/* Refuses a network that no model file holds, or whose pass over one chunk of the longest rows needs memory by the
 * gigabyte: the numbers are known before anything is allocated. */
heed_status model_check_size(const network *net, heed_error *error);
/* Whether the configuration's numbers fit together and those of heed: outputs, chunks, window. */
heed_status model_check_shape(const model_config *config, heed_error *error);
/* The network that config, labels and words make; its spec is checked on the way. */
heed_status model_build_network(network **out, const model_config *config, uint32_t vocabulary_size, heed_error *error);

/* A model file's bytes. name is for messages. */
heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error);
heed_status model_print(writer *out, const heed_model *model, heed_error *error);

#endif
