#include "model/wide_classifier.h"

#include "base/status.h"
#include "model/logistic_methods.h"
#include "model/logistic_scratch.h"
#include "model/wide_tensors.h"
#include "network/architecture.h"
#include "wide/wide_parts.h"
#include "wide/wide_summary.h"

const wide *model_wide(const heed_model *model)
{
    return model->class == &wide_classifier ? model->trained : NULL;
}

/* ---- architectures */

static heed_status canonical(char **out, const char *architecture, heed_error *error)
{
    wide_spec spec;
    heed_status status = wide_spec_parse(&spec, architecture, error);
    return status == HEED_OK ? wide_spec_print(out, &spec, error) : status;
}

/* ---- parameters */

static const wide *learnt(const heed_model *model)
{
    return model->trained;
}

static void free_wide(void *trained)
{
    wide_free(trained);
}

static uint64_t parameters(const heed_model *model)
{
    return logistic_parameters(&learnt(model)->fit);
}

/* ---- outputs */

static wide_text text_of(const batch_row *row)
{
    return (wide_text){row->ids, (size_t)row->length, row->spelling};
}

static const logistic *fit_of(const void *trained)
{
    return &((const wide *)trained)->fit;
}

static size_t room(const void *trained, const batch_row *row)
{
    return wide_features_room(&((const wide *)trained)->features, text_of(row));
}

static size_t read_row(const void *trained, const batch_row *row, void *places, sparse_value *out)
{
    return wide_row(trained, text_of(row), places, out);
}

static heed_status scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    static const feature_reader reader = {
        .fit = fit_of, .place_size = sizeof(wide_place), .room = room, .read = read_row};
    return logistic_scratch_new(out, model, &reader, workers, error);
}

/* ---- explanations */

static heed_status weigh(const heed_model *model, const batch_row *row, size_t label, double *scores, double *baseline,
                         heed_error *error)
{
    const wide *w = learnt(model);
    double sign;
    uint32_t output = model_output_of(model, label, &sign);
    *baseline = sign * (double)w->fit.bias[output];
    return wide_add_parts(scores, w, text_of(row), (linear_logit){output, sign}, error);
}

/* ---- descriptions */

static wide_description describe(const heed_model *model)
{
    return (wide_description){.model = learnt(model),
                              .words = &model->words.words,
                              .labels = model_labels(model),
                              .label_count = model->config.labels.count,
                              .positive = model->config.labels.positive};
}

static void print(writer *out, const heed_model *model)
{
    const wide_description d = describe(model);
    wide_summary_print(out, &d);
}

static json_t *json(const heed_model *model)
{
    const wide_description d = describe(model);
    return wide_summary_json(&d);
}

static heed_status draw(layer_graph *out, const heed_model *model, heed_error *error)
{
    const wide_spec *spec = &learnt(model)->spec;
    const char *features = spec->letters.most == 0 ? "N-grams of words"
                           : spec->words.most == 0 ? "N-grams of letters"
                                                   : "N-grams of words and letters";
    return logistic_draw(out, &learnt(model)->fit, features, error);
}

const classifier_class wide_classifier = {.name = "wide",
                                          .recognises = architecture_is_wide,
                                          .canonical = canonical,
                                          .whole_texts = true,
                                          .spells_words = true,
                                          .solver = "Newton-CG",
                                          .method_of_many = HEED_METHOD_WEIGHTS,
                                          .read = wide_tensors_read,
                                          .list = wide_tensors_list,
                                          .list_bytes = wide_tensors_list_bytes,
                                          .free = free_wide,
                                          .parameters = parameters,
                                          .architecture = logistic_architecture,
                                          .scratch_new = scratch_new,
                                          .scratch_free = logistic_scratch_free,
                                          .score = logistic_scratch_score,
                                          .logits = logistic_scratch_logits,
                                          .default_method = logistic_default_method,
                                          .check_method = logistic_check_method,
                                          .weigh = weigh,
                                          .print = print,
                                          .json_key = "wide",
                                          .json = json,
                                          .draw = draw};
