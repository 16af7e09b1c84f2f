#include "model/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "data/corpus.h"
#include "network/architecture.h"
#include "network/batch.h"

enum { MAX_FILE = INT32_MAX, MAX_PASS = INT32_MAX }; /* bytes: 2 GiB */

answer_rule model_rule(const heed_model *model)
{
    const label_config *labels = &model->config.labels;
    return (answer_rule){labels->task, labels->count, labels->positive, model->thresholds};
}

size_t heed_model_decide(size_t *out, const heed_model *model, const float *probabilities, const double *thresholds)
{
    answer_rule rule = model_rule(model);
    if (thresholds != NULL)
        rule.thresholds = thresholds;
    return answer_choose(out, &rule, probabilities);
}

void heed_model_rank(size_t *out, size_t count, const heed_model *model, const float *probabilities,
                     const double *thresholds)
{
    answer_rule rule = model_rule(model);
    if (thresholds != NULL)
        rule.thresholds = thresholds;
    answer_rank(out, count, &rule, probabilities);
}

bool model_has_method(const heed_model *model, heed_method method)
{
    switch (method) {
    case HEED_METHOD_AUTO:
    case HEED_METHOD_LEAVE_ONE_OUT:
        return true;
    case HEED_METHOD_ATTENTION:
        return model->linear == NULL && model->net->attention >= 0;
    case HEED_METHOD_GRADIENT:
    case HEED_METHOD_INTEGRATED:
        return model->linear == NULL;
    case HEED_METHOD_WEIGHTS:
        break;
    }
    return model->linear != NULL;
}

uint32_t model_threshold_count(const model_config *config)
{
    return config->labels.task == HEED_TASK_MULTILABEL ? config->labels.count : 1;
}

heed_status model_check_size(const network *net, heed_error *error)
{
    size_t positions = (size_t)ROWS_PER_CHUNK * net->spec.window, pass = 0; /* numbers */
    for (int i = 0; i < net->slot_count; i++)
        if (!net->slots[i].gradient)
            pass += (size_t)net->slots[i].width * (net->slots[i].per_row ? ROWS_PER_CHUNK : positions);
    if (net->weight_count > MAX_FILE / sizeof(float))
        return fail(error, HEED_USAGE,
                    "the network has %zu parameters, expected at most %zu; take fewer units or words",
                    net->weight_count, MAX_FILE / sizeof(float));
    if (pass > MAX_PASS / sizeof(float))
        return fail(
            error, HEED_USAGE,
            "a pass over %d rows of %u tokens needs %zu MB, expected at most %d; take a shorter window or fewer units",
            ROWS_PER_CHUNK, net->spec.window, pass >> 18, MAX_PASS >> 20);
    return HEED_OK;
}

heed_status model_check_shape(const model_config *config, heed_error *error)
{
    const network_config *n = &config->network;
    if (n->rows_per_chunk != ROWS_PER_CHUNK)
        return fail(error, HEED_BAD_DATA, "chunks of %u rows, expected %d", n->rows_per_chunk, ROWS_PER_CHUNK);
    if (n->outputs != task_outputs(config->labels.task, config->labels.count))
        return fail(error, HEED_BAD_DATA, "%u outputs for %u labels", n->outputs, config->labels.count);
    if ((n->window == 0) != architecture_is_linear(n->architecture))
        return fail(error, HEED_BAD_DATA, "a window of %u tokens for '%.60s', expected 0 for linear alone", n->window,
                    n->architecture);
    return HEED_OK;
}

heed_status model_build_network(network **out, const model_config *config, uint32_t vocabulary_size, heed_error *error)
{
    const network_config *n = &config->network;
    network_spec spec = {.architecture = n->architecture,
                         .vocabulary = vocabulary_size,
                         .window = n->window,
                         .outputs = n->outputs,
                         .mask = n->mask,
                         .pad_behind = config->text.pad == HEED_PAD_BEHIND,
                         .task = config->labels.task};
    heed_status status = network_new(out, &spec, error);
    if (status == HEED_OK)
        status = model_check_size(*out, error);
    return status;
}

heed_status heed_model_load(heed_model **out, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size;
    *out = NULL;
    heed_status status = file_read(&data, &size, path, MAX_FILE, error);
    if (status == HEED_OK)
        status = model_parse(out, data, size, path, error);
    free(data);
    return status;
}

heed_status heed_model_save(const heed_model *model, const char *path, heed_error *error)
{
    writer bytes = {.limit = MAX_FILE};
    heed_status status = model_print(&bytes, model, error);
    if (status == HEED_OK)
        status = file_write(path, bytes.data, bytes.size, error);
    writer_release(&bytes);
    return status;
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
    linear_free(model->linear);
    network_free(model->net);
    free(model->weights);
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
    return model->linear != NULL ? linear_parameters(model->linear) : model->net->weight_count;
}

heed_figures heed_model_validation(const heed_model *model, unsigned *epoch, unsigned *epochs)
{
    const training_record *r = &model->config.training;
    if (epoch != NULL)
        *epoch = r->epoch_kept;
    if (epochs != NULL)
        *epochs = r->epochs_run;
    if (r->epoch_kept < 1 || r->epoch_kept > r->epochs_run) /* a file may say so */
        return (heed_figures){.loss = NAN};
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
    return config_copy_rows(&model->config.rows, options, error);
}
