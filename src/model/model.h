/* A trained classifier: text pipeline, vocabulary, labels, parameters, and the record of its training. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "data/digest_list.h"
#include "features/shared_encoder.h"
#include "metrics/answer.h"
#include "metrics/keras_metrics.h"
#include "model/classifier_class.h"
#include "model/config.h"
#include "text/cleaner.h"
#include "text/vocabulary.h"

struct heed_model {
    model_config config;
    heed_cleaner *cleaner;
    char *stop_list; /* config.text.stop_words is "list": one word per line, with line ends */
    size_t stop_list_size;
    vocabulary words;
    shared_encoder *encoder; /* NULL: it has none */
    char **labels;           /* [config.labels.count], sorted by bytes */
    double *thresholds;      /* [model_threshold_count]: a label is predicted above its threshold */
    const classifier_class *class;
    void *trained;                          /* its parameters, in the form of its class */
    digest_list seen;                       /* texts of the rows that it was fitted on or chosen by; empty: not known */
    heed_keras_metrics *train, *validation; /* [config.training.epochs_run]; validation loss NaN if there was none */
    char ending[100];                       /* heed_model_ending; not in the file */
    heed_model_info info;                   /* points to all of this */
};

static inline const char *const *model_labels(const heed_model *model)
{
    return (const char *const *)model->labels;
}
/* Fills info, once everything else is there. */
void model_fill_info(heed_model *model);
/* The rule by which it predicts; borrows its thresholds. */
answer_rule model_rule(const heed_model *model);
/* Whether its history is that of epochs of the optimiser: a solver finds its weights at once, and a sum has the figures
 * of its parts together. */
bool model_has_epochs(const heed_model *model);
/* What the rows of the recipe's figures are. */
const char *model_recipe_rows(const heed_model *model);
/* Whether it can be explained by this method. */
bool model_has_method(const heed_model *model, heed_method method);
/* Its stored best method, else that of its kind (explain/method_choice.h looks at the text, too). */
heed_method model_default_method(const heed_model *model);
/* Whether this is the stored best method: others were not measured, or were not as faithful. */
bool model_measured(const heed_model *model, heed_method method);
/* The method for thousands of texts, whose scores can be added up: one pass each; through an encoder, where one pass
 * says less than chance, integrated gradients. */
heed_method model_method_of_many(const heed_model *model);
/* Labels of a multi-label model; else 1. */
uint32_t model_threshold_count(const model_config *config);
/* The output with a label's logit: of two labels the negative one has that of the positive one, with sign -1. */
uint32_t model_output_of(const heed_model *model, size_t label, double *sign);

/* The metrics of an epoch (from 0) as columns: those of the training rows, then those of the validation rows. */
enum { HISTORY_COLUMNS = 2 * KERAS_COLUMNS };
static inline double *model_metric(const heed_model *model, uint32_t epoch, int column)
{
    heed_keras_metrics *metrics = column < KERAS_COLUMNS ? model->train : model->validation;
    return keras_metric_at(&metrics[epoch], column % KERAS_COLUMNS);
}

#endif
