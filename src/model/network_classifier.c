#include "model/network_classifier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_weights.h"
#include "math/processor.h"
#include "model/encode.h"
#include "model/encoder_classifier.h"
#include "model/encoder_spec.h"
#include "model/layer_table.h"
#include "options/choices.h"
#include "model/network_graph.h"
#include "model/network_scratch.h"
#include "model/row_encoding.h"
#include "network/architecture.h"

const trained_network *model_network(const heed_model *model)
{
    return model->class == &network_classifier || model->class == &states_classifier ? model->trained : NULL;
}

const shared_encoder *model_states_encoder(const heed_model *model)
{
    return model->class == &states_classifier ? model->encoder : NULL;
}

/* ---- architectures */

static bool recognises(const char *architecture)
{
    (void)architecture;
    return true;
}

static bool recognises_states(const char *architecture)
{
    return !architecture_is_sum(architecture) && architecture_reads_states(architecture);
}

static heed_status canonical(char **out, const char *architecture, heed_error *error)
{
    layer_spec *layers = NULL;
    int count = 0;
    heed_status status;
    *out = NULL;
    TRY(architecture_parse(&layers, &count, architecture, error));
    TRY(architecture_print(out, layers, count, error));
done:
    free(layers);
    return status;
}

/* ---- parameters */

static const trained_network *learnt(const heed_model *model)
{
    return model->trained;
}

/* The weights that have learned in the model's encoder, which is its first layer. */
static size_t encoder_parameters(const heed_model *model)
{
    return architecture_trains_encoder(learnt(model)->net->architecture)
               ? encoder_weights_numbers(&model->encoder->net->config, ENCODER_LEARNING_WEIGHTS)
               : 0;
}

static uint64_t parameters(const heed_model *model)
{
    return learnt(model)->net->weight_count + encoder_parameters(model);
}

static const char *architecture(const heed_model *model)
{
    return learnt(model)->net->architecture;
}

static heed_precision best_weights(const heed_model *model)
{
    const network *net = learnt(model)->net;
    const processor here = processor_here();
    if (model_states_encoder(model) != NULL) /* most of the work */
        return row_encoding_best_weights(model_states_encoder(model));
    return net->bf16_count > 0 && processor_gains_bf16(&here, BF16_RECURRENT, net->kernels) ? HEED_PRECISION_BFLOAT16
                                                                                            : HEED_PRECISION_FLOAT32;
}

static uint32_t encoder_width(const heed_model *model)
{
    const shared_encoder *e = model_states_encoder(model);
    return e == NULL ? 0 : (uint32_t)shared_encoder_width(e);
}

static heed_status randomise(void **out, const heed_model *model, uint64_t seed, heed_error *error)
{
    trained_network *n = NULL;
    heed_status status = trained_network_random(&n, &learnt(model)->net->spec, seed, error);
    *out = n;
    return status;
}

/* ---- its file */

/* Rank and both sizes of a parameter as a matrix; the stored shape may have a third size. */
static tensor_spec spec_of(const parameter *p)
{
    return (tensor_spec){p->name, TENSOR_F32, p->rank, (uint64_t)p->rows, (uint64_t)p->columns};
}

static void list_tensors(tensor_list *l, const heed_model *model)
{
    const trained_network *n = learnt(model);
    for (int i = 0; i < n->net->parameter_count; i++) {
        const parameter *p = &n->net->parameters[i];
        tensor_list_add_shaped(l, spec_of(p), p->shape, n->weights + p->offset);
    }
}

static void need_parameter(tensor_reader *r, const parameter *p)
{
    tensor_spec spec = spec_of(p);
    spec.columns = (uint64_t)p->shape[p->rank - 1];
    const stored_tensor *t = tensor_reader_need(r, spec);
    for (int i = 0; t != NULL && i < p->rank; i++)
        if (t->shape[i] != (uint64_t)p->shape[i])
            tensor_reader_refuse(r, "tensor %s: its type or shape is not what the configuration says (%llu for %d)",
                                 t->name, (unsigned long long)t->shape[i], p->shape[i]);
}

static void copy_weights(tensor_reader *r, trained_network *n)
{
    r->status = trained_network_allocate(n, r->error);
    for (int i = 0; n->weights != NULL && i < n->net->parameter_count; i++) {
        const parameter *p = &n->net->parameters[i];
        const stored_tensor *t = tensor_reader_peek(r, p->name);
        memcpy(n->weights + p->offset, t->data, t->size);
        tensor_reader_check_finite(r, t, n->weights + p->offset, parameter_count(p));
    }
}

/* Memory is allocated only after checking that the file is large enough. */
static void read_tensors(tensor_reader *r, heed_model *model)
{
    const network_config *c = &model->config.network;
    const network_spec spec = {.architecture = c->architecture,
                               .vocabulary = model->words.size,
                               .window = model_window(model).length,
                               .outputs = c->outputs,
                               .mask = c->mask,
                               .pad_behind = model->config.text.pad == HEED_PAD_POST,
                               .task = model->config.labels.task,
                               .encoder_width = encoder_width(model)};
    trained_network *n = NULL;
    r->status = trained_network_new(&n, &spec, r->error);
    model->trained = n;
    for (int i = 0; n != NULL && i < n->net->parameter_count; i++)
        need_parameter(r, &n->net->parameters[i]);
    if (r->status == HEED_OK)
        copy_weights(r, n);
}

static void read_on_states(tensor_reader *r, heed_model *model)
{
    read_tensors(r, model);
    const trained_network *n = model->trained;
    if (r->status == HEED_OK && (*n->net->layers[0].spec.name == '\0' ||
                                 encoder_name_check(n->net->layers[0].spec.name, model->encoder, NULL) != HEED_OK))
        tensor_reader_refuse(r, "configuration: network.architecture '%.100s' is not on the encoder %s",
                             model->config.network.architecture, model->encoder->name);
    if (r->status == HEED_OK && model->config.text.stretches > 1)
        tensor_reader_refuse(r, "configuration: text.stretches is %u, expected none for a network",
                             model->config.text.stretches);
}

/* ---- explanations */

static bool attends(const heed_model *model)
{
    return learnt(model)->net->attention >= 0;
}

/* Attention shows where the network looked, and on no pooling that was measured as well what mattered. */
static heed_method default_method(const heed_model *model)
{
    (void)model;
    return HEED_METHOD_INTEGRATED;
}

static heed_status check_method(const heed_model *model, heed_method method, heed_error *error)
{
    if (method == HEED_METHOD_WEIGHTS)
        return fail(error, HEED_USAGE,
                    "method weights: the model is a network, expected %sgradient, integrated or leave-one-out",
                    attends(model) ? "attention, " : "");
    if (method == HEED_METHOD_ATTENTION && !attends(model))
        return fail(error, HEED_USAGE,
                    "method attention: the model's pooling has no attention ('%.200s'), expected integrated, gradient "
                    "or leave-one-out",
                    architecture(model));
    return HEED_OK;
}

/* ---- descriptions */

static heed_status draw(layer_graph *out, const heed_model *model, heed_error *error)
{
    enum { FIRST_LAYER = 1 }; /* after the input */
    heed_status status = network_graph_fill(out, learnt(model)->net, error);
    if (status == HEED_OK)
        out->nodes[FIRST_LAYER].parameters += encoder_parameters(model);
    return status;
}

static void print(writer *out, const heed_model *model)
{
    layer_graph g = {0};
    if (draw(&g, model, NULL) == HEED_OK)
        layer_table_print(out, &g, parameters(model));
    else
        writer_fail(out, ENOMEM);
    layer_graph_release(&g);
}

static json_t *json(const heed_model *model)
{
    const network *net = learnt(model)->net;
    json_t *layers = json_array();
    for (int i = 0; i < net->layer_count; i++) {
        const layer *l = &net->layers[i];
        size_t numbers = layer_parameters(net, l) + (i == 0 ? encoder_parameters(model) : 0);
        json_array_append_new(layers, json_pack("{s:s, s:s, s:i, s:I}", "name", l->name, "type", l->class->type,
                                                "width", l->out.width, "parameters", (json_int_t)numbers));
    }
    return layers;
}

static void print_on_states(writer *out, const heed_model *model)
{
    writer_text(out, "a network on the states of a pretrained encoder\n");
    encoder_print(out, model);
    print(out, model);
}

/* What all networks have. */
#define NETWORK_METHODS                                                                                                \
    .canonical = canonical, .without_attention = architecture_without_attention,                                       \
    .method_of_many = HEED_METHOD_GRADIENT, .list = list_tensors, .free = trained_network_free,                        \
    .parameters = parameters, .architecture = architecture, .randomise = randomise,                                    \
    .scratch_new = network_scratch_new, .scratch_free = network_scratch_free, .score = network_scratch_score,          \
    .logits = network_scratch_logits, .set_storage = network_scratch_set_storage,                                      \
    .set_weights = network_scratch_set_weights, .best_weights = best_weights, .has_gradients = true,                   \
    .default_method = default_method, .check_method = check_method, .json_key = "layers", .json = json, .draw = draw

const classifier_class network_classifier = {
    .name = "a network", .recognises = recognises, .read = read_tensors, .print = print, NETWORK_METHODS};

const classifier_class states_classifier = {.name = "a network on an encoder",
                                            .recognises = recognises_states,
                                            .reads_subwords = true,
                                            .read = read_on_states,
                                            .print = print_on_states,
                                            NETWORK_METHODS};
