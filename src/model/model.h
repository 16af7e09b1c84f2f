/* A trained classifier: text pipeline, vocabulary, labels, a network or a linear model, the record of its training. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/config.h"
#include "network/linear.h"
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

/* The label that one is told of, from the probabilities [labels]: of two by the threshold, else the likeliest. */
size_t model_answer(const heed_model *model, const float *probabilities);
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

/* The columns of the history: Keras's names and where they stand in heed_figures. */
typedef struct figure_column {
    const char *name;
    size_t offset;
} figure_column;
enum { FIGURE_COLUMNS = 9 };
extern const figure_column figure_columns[FIGURE_COLUMNS];
static inline double *figure_at(heed_figures *figures, int column)
{
    return (double *)(void *)((char *)figures + figure_columns[column].offset);
}

/* A model file's bytes. name is for messages. */
heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error);
heed_status model_print(buffer *out, const heed_model *model, heed_error *error);

#endif
