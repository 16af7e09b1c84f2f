#include "model/encoder_classifier.h"

#include <string.h>

#include "base/status.h"
#include "linear/strongest.h"
#include "model/encoder_scratch.h"
#include "model/encoder_spec.h"
#include "model/layer_graph.h"
#include "model/logistic_methods.h"
#include "model/row_encoding.h"

const encoder_head *model_encoder_head(const heed_model *model)
{
    return model->class == &encoder_classifier ? model->trained : NULL;
}

/* ---- architectures */

static heed_status canonical(char **out, const char *architecture, heed_error *error)
{
    encoder_spec spec;
    heed_status status = encoder_spec_parse(&spec, architecture, error);
    *out = NULL;
    return status == HEED_OK ? encoder_spec_print(out, &spec, error) : status;
}

/* ---- parameters */

static const encoder_head *learnt(const heed_model *model)
{
    return model->trained;
}

static uint64_t parameters(const heed_model *model)
{
    return logistic_parameters(&learnt(model)->fit);
}

/* ---- its file */

static tensor_spec kernel_tensor(uint64_t features, uint64_t outputs)
{
    return tensor_matrix("features.kernel", TENSOR_F32, features, outputs);
}

static tensor_spec bias_tensor(uint64_t outputs)
{
    return tensor_vector("features.bias", TENSOR_F32, outputs);
}

static void list_tensors(tensor_list *l, const heed_model *model)
{
    const logistic *fit = &learnt(model)->fit;
    tensor_list_add(l, kernel_tensor(fit->features, fit->outputs), fit->weights);
    tensor_list_add(l, bias_tensor(fit->outputs), fit->bias);
}

static heed_status make_head(encoder_head **out, const heed_model *model, heed_error *error)
{
    encoder_spec spec;
    heed_status status = encoder_spec_parse(&spec, model->config.network.architecture, error);
    if (status != HEED_OK)
        return status;
    if (model->encoder == NULL || spec.strength == 0 || *spec.name == '\0')
        return fail(error, HEED_BAD_DATA,
                    "configuration: network.architecture '%.100s' needs an encoder, its name and C",
                    model->config.network.architecture);
    status = encoder_head_new(out, &spec, model->encoder, model->config.network.outputs,
                              model->config.labels.task == HEED_TASK_MULTICLASS, error);
    if (status == HEED_OK)
        encoder_head_read_by(*out, model->encoder, model->config.network.window, &model->config.text);
    return status;
}

static void read_tensors(tensor_reader *r, heed_model *model)
{
    encoder_head *head = NULL;
    if (r->status == HEED_OK)
        r->status = make_head(&head, model, r->error);
    model->trained = head;
    if (head == NULL)
        return;
    logistic *fit = &head->fit;
    const stored_tensor *kernel = tensor_reader_need(r, kernel_tensor(fit->features, fit->outputs));
    const stored_tensor *bias = tensor_reader_need(r, bias_tensor(fit->outputs));
    if (bias == NULL)
        return;
    memcpy(fit->weights, kernel->data, kernel->size);
    memcpy(fit->bias, bias->data, bias->size);
    tensor_reader_check_finite(r, kernel, fit->weights, fit->features * fit->outputs);
    tensor_reader_check_finite(r, bias, fit->bias, fit->outputs);
}

/* ---- explanations */

/* Which contribute to the pooled states is only known by gradients, whatever the head. */
static heed_method default_method(const heed_model *model)
{
    (void)model;
    return HEED_METHOD_INTEGRATED;
}

static heed_status check_method(const heed_model *model, heed_method method, heed_error *error)
{
    bool attends = encoder_has_attention(model->encoder->net);
    if (method == HEED_METHOD_GRADIENT || method == HEED_METHOD_INTEGRATED || method == HEED_METHOD_LEAVE_ONE_OUT ||
        (method == HEED_METHOD_ATTENTION && attends))
        return HEED_OK;
    return fail(error, HEED_USAGE, "method %s: the model is %s, expected %sgradient, integrated or leave-one-out",
                heed_method_name(method), model->config.network.architecture, attends ? "attention, " : "");
}

/* ---- descriptions */

void encoder_print(writer *out, const heed_model *model)
{
    writer_print(out, "  encoder        %s, %s; %d tokens, of which a text has at most %u; digest %s\n",
                 model->encoder->name,
                 architecture_trains_encoder(model->config.network.architecture) ? "trained" : "frozen",
                 model->encoder->net->config.vocabulary, model->config.network.window, model->encoder->digest);
}

static void print(writer *out, const heed_model *model)
{
    const encoder_head *head = learnt(model);
    writer_print(out, "logistic regression on features of a pretrained encoder, %s, C = %g\n",
                 logistic_link_text(&head->fit), head->fit.strength);
    encoder_print(out, model);
    writer_print(out,
                 "  features       %zu: the %s of its states\n"
                 "  parameters     %zu: %u output%s\n",
                 head->fit.features, names_of(&feature_pooling_names, head->spec.pooling),
                 logistic_parameters(&head->fit), head->fit.outputs, head->fit.outputs == 1 ? "" : "s");
}

static heed_precision best_weights(const heed_model *model)
{
    return row_encoding_best_weights(model->encoder);
}

static json_t *json(const heed_model *model)
{
    const encoder_head *head = learnt(model);
    return json_pack("{s:s, s:s, s:s, s:I, s:i, s:f}", "encoder", model->encoder->name, "digest",
                     model->encoder->digest, "pooling", names_of(&feature_pooling_names, head->spec.pooling),
                     "features", (json_int_t)head->fit.features, "outputs", (int)head->fit.outputs, "strength",
                     head->fit.strength);
}

static heed_status draw(layer_graph *out, const heed_model *model, heed_error *error)
{
    return logistic_draw(out, &learnt(model)->fit, "Pretrained encoder", error);
}

const classifier_class encoder_classifier = {.name = "encoder",
                                             .recognises = architecture_is_encoder_linear,
                                             .canonical = canonical,
                                             .reads_subwords = true,
                                             .solver = "L-BFGS",
                                             .read = read_tensors,
                                             .list = list_tensors,
                                             .free = encoder_head_free,
                                             .parameters = parameters,
                                             .architecture = logistic_architecture,
                                             .scratch_new = encoder_scratch_new,
                                             .scratch_free = encoder_scratch_free,
                                             .score = encoder_scratch_score,
                                             .logits = encoder_scratch_logits,
                                             .set_weights = encoder_scratch_set_weights,
                                             .best_weights = best_weights,
                                             .has_gradients = true,
                                             .default_method = default_method,
                                             .check_method = check_method,
                                             .print = print,
                                             .json_key = "features",
                                             .json = json,
                                             .draw = draw};
