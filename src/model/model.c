#include "model/model.h"

#include <math.h>
#include <stdlib.h>

#include "data/corpus.h"
#include "options/option_table.h"

answer_rule model_rule(const heed_model *model)
{
    const label_config *labels = &model->config.labels;
    return (answer_rule){labels->task, labels->count, labels->positive, model->thresholds};
}

/* thresholds NULL: the model's own. */
static answer_rule rule_with(const heed_model *model, const double *thresholds)
{
    answer_rule rule = model_rule(model);
    if (thresholds != NULL)
        rule.thresholds = thresholds;
    return rule;
}

size_t heed_model_decide(size_t *out, const heed_model *model, const float *probabilities, const double *thresholds)
{
    const answer_rule rule = rule_with(model, thresholds);
    return answer_choose(out, &rule, probabilities);
}

void heed_model_rank(size_t *out, size_t count, const heed_model *model, const float *probabilities,
                     const double *thresholds)
{
    const answer_rule rule = rule_with(model, thresholds);
    answer_rank(out, count, &rule, probabilities);
}

bool model_has_method(const heed_model *model, heed_method method)
{
    return method == HEED_METHOD_AUTO || model->class->check_method(model, method, NULL) == HEED_OK;
}

heed_method model_default_method(const heed_model *model)
{
    heed_method measured = model->config.explanation.method;
    return measured != HEED_METHOD_AUTO ? measured : model->class->default_method(model);
}

uint32_t model_threshold_count(const model_config *config)
{
    return config->labels.task == HEED_TASK_MULTILABEL ? config->labels.count : 1;
}

uint32_t model_output_of(const heed_model *model, size_t label, double *sign)
{
    bool binary = model->config.labels.task == HEED_TASK_BINARY;
    *sign = binary && label != model->config.labels.positive ? -1 : 1;
    return binary ? 0 : (uint32_t)label;
}

void heed_model_free(heed_model *model)
{
    if (model == NULL)
        return;
    for (uint32_t i = 0; model->labels != NULL && i < model->config.labels.count; i++)
        free(model->labels[i]);
    free(model->labels);
    free(model->thresholds);
    heed_cleaner_free(model->cleaner);
    free(model->stop_list);
    vocabulary_release(&model->words);
    if (model->class != NULL)
        model->class->free(model->trained);
    free(model->train);
    free(model->validation);
    config_release(&model->config);
    free(model);
}

const char *const *heed_model_labels(const heed_model *model, size_t *count)
{
    *count = model->config.labels.count;
    return (const char *const *)model->labels;
}

size_t heed_model_positive(const heed_model *model)
{
    return model->config.labels.positive;
}

heed_task heed_model_task(const heed_model *model)
{
    return model->config.labels.task;
}

const double *heed_model_thresholds(const heed_model *model)
{
    return model->thresholds;
}

uint64_t heed_model_parameters(const heed_model *model)
{
    return model->class->parameters(model);
}

heed_keras_metrics heed_model_validation(const heed_model *model, unsigned *epoch, unsigned *epochs)
{
    const training_record *r = &model->config.training;
    if (epoch != NULL)
        *epoch = r->epoch_kept;
    if (epochs != NULL)
        *epochs = r->epochs_run;
    if (r->epoch_kept < 1 || r->epoch_kept > r->epochs_run) /* a file may contain this */
        return (heed_keras_metrics){.loss = NAN};
    return model->validation[r->epoch_kept - 1];
}

void heed_model_text_options(const heed_model *model, heed_text_options *options)
{
    *options = model->config.text;
}

void heed_model_train_options(const heed_model *model, heed_train_options *options)
{
    options->architecture = model->config.network.architecture;
    options->mask = model->config.network.mask;
}

heed_status heed_corpus_new_like(heed_corpus **out, const heed_model *model, uint32_t max_words, uint32_t min_count,
                                 heed_error *error)
{
    heed_text_options options = model->config.text;
    const heed_bytes stop_list = {model->stop_list, model->stop_list_size};
    options.max_words = max_words;
    options.min_count = min_count;
    return corpus_new(out, &options, model->stop_list == NULL ? NULL : &stop_list, error);
}

void heed_model_rows_options(const heed_model *model, heed_rows_options *options)
{
    *options = model->config.rows;
}

heed_status heed_model_set_rows_options(heed_model *model, const heed_rows_options *options, heed_error *error)
{
    heed_rows_options copy;
    heed_status status = options_copy(HOME_ROWS, &copy, options, error);
    if (status != HEED_OK)
        return status;
    options_release(HOME_ROWS, &model->config.rows);
    model->config.rows = copy;
    return HEED_OK;
}
