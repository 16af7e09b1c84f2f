#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/status.h"
#include "data/text_digest.h"
#include "options/option_structs.h"

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
    if (count > 0)
        answer_rank(out, count, &rule, probabilities);
}

bool model_has_epochs(const heed_model *model)
{
    return model->class->solver == NULL && !model->class->has_parts;
}

const char *model_recipe_rows(const heed_model *model)
{
    return record_has_cross_fit(&model->config.training) ? "rows that were held out" : "validation rows";
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

bool model_measured(const heed_model *model, heed_method method)
{
    return method != HEED_METHOD_AUTO && method == model->config.explanation.method;
}

heed_method model_method_of_many(const heed_model *model)
{
    heed_method method = model->encoder != NULL ? HEED_METHOD_INTEGRATED : model->class->method_of_many;
    return model_has_method(model, method) ? method : HEED_METHOD_WEIGHTS;
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
    shared_encoder_release(model->encoder);
    if (model->class != NULL)
        model->class->free(model->trained);
    digest_list_release(&model->seen);
    free(model->train);
    free(model->validation);
    config_release(&model->config);
    free(model);
}

/* A model of 0.1.0 may have such labels: rows that are evaluated with it are read as it read its own. */
static bool labels_have_blanks(const heed_model *model)
{
    const char *const *labels = model_labels(model);
    for (size_t i = 0; i < model->config.labels.count; i++)
        if (blanks_trim(bytes_of(labels[i])).size != strlen(labels[i]))
            return true;
    return false;
}

/* Whether a label is in another form than NFC, as version 0.1.0 kept it. */
static bool labels_have_form(const heed_model *model)
{
    const char *const *labels = model_labels(model);
    composed_part part;
    bool found = false;
    for (size_t i = 0, at = 0; i < model->config.labels.count && !found; i++, at = 0)
        found = compose_next(&part, bytes_of(labels[i]), &at);
    return found;
}

void model_fill_info(heed_model *model)
{
    static const heed_keras_metrics none = {.loss = NAN};
    const model_config *c = &model->config;
    const training_record *r = &c->training;
    options_set_head(HEED_OPTIONS_ROWS, &model->config.rows, HEED_PRESET_OFF);
    options_set_head(HEED_OPTIONS_TEXT, &model->config.text, HEED_PRESET_OFF);
    model->config.rows.keep_blanks = model->config.rows.keep_blanks || labels_have_blanks(model);
    model->config.rows.keep_form = model->config.rows.keep_form || labels_have_form(model);
    bool kept = r->epoch_kept >= 1 && r->epoch_kept <= r->epochs_run; /* a file may say otherwise */
    model->info = (heed_model_info){
        .task = c->labels.task,
        .labels = model_labels(model),
        .label_count = c->labels.count,
        .positive = c->labels.positive,
        .thresholds = model->thresholds,
        .threshold_count = model_threshold_count(c),
        .parameters = model->class->parameters(model),
        .architecture = c->network.architecture,
        .mask = c->network.mask,
        .rows = &c->rows,
        .text = &c->text,
        .validation = kept ? &model->validation[r->epoch_kept - 1] : &none,
        .epoch = r->epoch_kept,
        .epochs = r->epochs_run,
    };
}

size_t heed_model_digests(const heed_model *model)
{
    return model->seen.count;
}

bool heed_model_saw(const heed_model *model, heed_bytes text)
{
    return model->seen.count > 0 && digest_list_has(&model->seen, text_digest(text));
}

const heed_model_info *heed_model_describe(const heed_model *model)
{
    return &model->info;
}

heed_status heed_corpus_new_like(heed_corpus **out, const heed_model *model, uint32_t max_words, uint32_t min_count,
                                 heed_error *error)
{
    heed_text_options options = model->config.text;
    const heed_bytes stop_list = {model->stop_list, model->stop_list_size};
    options.max_words = max_words;
    options.min_count = min_count;
    const corpus_source source = {{model->stop_list == NULL ? NULL : &stop_list, model->cleaner->tokenizer},
                                  model->encoder};
    return corpus_new(out, &options, &source, error);
}

heed_status heed_model_set_rows_options(heed_model *model, const heed_rows_options *options, heed_error *error)
{
    heed_rows_options given, copy;
    heed_status status;
    TRY(options_take(HEED_OPTIONS_ROWS, &given, options, error));
    TRY(options_check(HEED_OPTIONS_ROWS, &given, error));
    TRY(options_copy(HEED_OPTIONS_ROWS, &copy, &given, error));
    options_release(HEED_OPTIONS_ROWS, &model->config.rows);
    model->config.rows = copy;
done:
    return status;
}
