#include "model/huggingface.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/path.h"
#include "base/status.h"
#include "math/bfloat16.h"
#include "model/encode.h"
#include "model/network_classifier.h"
#include "model/tensor_list.h"
#include "network/architecture.h"
#include "network/layers.h"

static const sequence_head heads[ENCODER_FAMILIES] = {
    [ENCODER_BERT] = {"BertForSequenceClassification", "dense tanh", "bert.pooler.dense", "classifier"},
    [ENCODER_DISTILBERT] = {"DistilBertForSequenceClassification", "dense", "pre_classifier", "classifier"},
    [ENCODER_ROBERTA] = {"RobertaForSequenceClassification", "dense tanh", "classifier.dense", "classifier.out_proj"},
    [ENCODER_XLM_ROBERTA] = {"XLMRobertaForSequenceClassification", "dense tanh", "classifier.dense",
                             "classifier.out_proj"},
};

const sequence_head *sequence_head_of(encoder_family family)
{
    return heads[family].class == NULL ? NULL : &heads[family];
}

/* ---- whether there is a class for it */

/* The layers of a head, in their order. */
enum { HEAD_STATES, HEAD_FIRST, HEAD_DENSE, HEAD_OUTPUT, HEAD_LAYERS };

/* Finds them in a network of nothing else but dropout; false: it is another one. */
static bool find_head(const layer *out[HEAD_LAYERS], const network *net, const sequence_head *head)
{
    const char *const keywords[HEAD_LAYERS] = {ENCODER_KEYWORD, "first", head->layer, NULL};
    int found = 0;
    for (int i = 0; i < net->layer_count; i++) {
        const layer *l = &net->layers[i];
        if (l->class == &dropout_layer)
            continue;
        const char *expected = found < HEAD_LAYERS ? keywords[found] : NULL;
        if (found == HEAD_LAYERS || (expected == NULL) != (l->class->keyword == NULL) ||
            (expected != NULL && strcmp(expected, l->class->keyword) != 0))
            return false;
        out[found++] = l;
    }
    return found == HEAD_LAYERS && out[HEAD_DENSE]->units == (int)net->spec.encoder_width;
}

static heed_status need_head(const layer *out[HEAD_LAYERS], const heed_model *model, heed_error *error)
{
    const trained_network *n = model_network(model);
    const shared_encoder *e = model->encoder;
    const sequence_head *head = e == NULL ? NULL : sequence_head_of(e->net->config.family);
    if (head == NULL)
        return fail(error, HEED_USAGE,
                    "export: found '%.200s', which has no class in transformers, expected a network on an encoder of "
                    "the families bert, distilbert, roberta or xlm-roberta",
                    model->class->architecture(model));
    if (n == NULL || model_states_encoder(model) == NULL || !find_head(out, n->net, head))
        return fail(error, HEED_USAGE,
                    "export: found '%.200s', which %s does not compute; train with --architecture '" ENCODER_KEYWORD
                    " trained | first | %s %d'",
                    model->class->architecture(model), head->class, head->layer, e->net->config.width);
    return HEED_OK;
}

/* ---- tensors */

static void add_name(tensor_list *l, tensor_spec spec, const char *name, const char *part, const void *data)
{
    char whole[TENSOR_NAME + 1];
    snprintf(whole, sizeof whole, "%s%s", name, part);
    spec.name = whole;
    tensor_list_add(l, spec, data);
}

/* As float32, whatever it lies as. */
static const void *as_floats(tensor_list *l, const encoder_tensor *t)
{
    const size_t count = (size_t)(t->rank == 1 ? t->shape[0] : t->shape[0] * t->shape[1]);
    const uint16_t *halves = t->data;
    if (t->type == TENSOR_F32)
        return t->data;
    float *out = tensor_list_memory(l, count, sizeof *out);
    for (size_t i = 0; i < count && out != NULL; i++)
        out[i] = bfloat16_value(halves[i]);
    return out;
}

static void list_encoder(tensor_list *l, const encoder *e)
{
    for (size_t i = 0; i < encoder_tensor_count(e) && l->status == HEED_OK; i++) {
        encoder_tensor t;
        encoder_tensor_at(e, i, &t);
        const tensor_spec spec = {NULL, TENSOR_F32, t.rank, t.rank == 1 ? 1 : t.shape[0], t.shape[t.rank - 1]};
        add_name(l, spec, encoder_weights_prefix(e->config.family), t.name, as_floats(l, &t));
    }
}

/* A dense layer x W + b as [out][in] and [out]. first, rows: where its outputs go among the rows that are written; the
 * others are zeros. */
static void list_dense(tensor_list *l, const heed_model *model, const layer *dense, const char *name, size_t first,
                       size_t rows)
{
    enum { KERNEL, BIAS };
    const trained_network *n = model_network(model);
    const real *w = n->weights + layer_parameter(n->net, dense, KERNEL)->offset;
    const real *b = n->weights + layer_parameter(n->net, dense, BIAS)->offset;
    const size_t inputs = (size_t)dense->in.width, outputs = (size_t)dense->units;
    float *kernel = tensor_list_memory(l, rows * inputs, sizeof *kernel);
    float *bias = tensor_list_memory(l, rows, sizeof *bias);
    for (size_t o = 0; o < outputs && l->status == HEED_OK; o++) {
        bias[first + o] = (float)b[o];
        for (size_t i = 0; i < inputs; i++)
            kernel[(first + o) * inputs + i] = (float)w[i * outputs + o];
    }
    add_name(l, tensor_matrix(NULL, TENSOR_F32, rows, inputs), name, ".weight", kernel);
    add_name(l, tensor_vector(NULL, TENSOR_F32, rows), name, ".bias", bias);
}

/* transformers has a softmax over both of two labels: the logit of the positive one is its own, that of the other 0. */
static void print_tensors(writer *out, const heed_model *model, const layer *const found[HEAD_LAYERS],
                          heed_error *error)
{
    char format_key[] = "format", format[] = "pt";
    const sequence_head *head = sequence_head_of(model->encoder->net->config.family);
    const label_config *labels = &model->config.labels;
    tensor_list list = {.error = error};
    stored_text metadata[] = {{format_key, format}};
    list_encoder(&list, model->encoder->net);
    list_dense(&list, model, found[HEAD_DENSE], head->dense, 0, (size_t)found[HEAD_DENSE]->units);
    list_dense(&list, model, found[HEAD_OUTPUT], head->output, labels->task == HEED_TASK_BINARY ? labels->positive : 0,
               labels->count);
    list.file.metadata = metadata;
    list.file.metadata_count = 1;
    if (list.status == HEED_OK)
        safetensors_write(out, &list.file);
    else
        writer_fail(out, ENOMEM);
    tensor_list_release(&list);
}

/* ---- its other files */

/* The token that fills up shorter texts of a batch, which transformers needs a name for: it is never looked at. */
static uint32_t padding_of(const shared_encoder *e)
{
    static const char *const names[] = {"[PAD]", "<pad>"};
    if (encoder_has_padding(e->net->config.family))
        return (uint32_t)e->net->config.padding;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (uint32_t id = 0; id < tokenizer_size(e->words); id++)
            if (bytes_same(tokenizer_token(e->words, id), bytes_of(names[i])))
                return id;
    return 0;
}

static void print_labels(writer *out, const heed_model *model)
{
    for (uint32_t i = 0; i < model->config.labels.count; i++) {
        writer_print(out, "%s\"%u\": ", i > 0 ? ", " : "", i);
        escape_json(out, bytes_of(model->labels[i]));
    }
    writer_text(out, "}, \"label2id\": {");
    for (uint32_t i = 0; i < model->config.labels.count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        escape_json(out, bytes_of(model->labels[i]));
        writer_print(out, ": %u", i);
    }
}

static void print_config(writer *out, const heed_model *model)
{
    const encoder_config *c = &model->encoder->net->config;
    encoder_config_write(out, c);
    if (out->size > 0)
        out->size--; /* its closing brace */
    if (!encoder_has_padding(c->family))
        writer_print(out, ", \"pad_token_id\": %u", padding_of(model->encoder));
    writer_print(out,
                 ", \"architectures\": [\"%s\"], \"dtype\": \"float32\", \"problem_type\": \"%s\", \"id2label\": {",
                 sequence_head_of(c->family)->class,
                 model->config.labels.task == HEED_TASK_MULTILABEL ? "multi_label_classification"
                                                                   : "single_label_classification");
    print_labels(out, model);
    writer_text(out, "}}\n");
}

static void print_tokenizer_config(writer *out, const heed_model *model)
{
    const shared_encoder *e = model->encoder;
    const size_t longest = model_window(model).length + tokenizer_around(e->words);
    writer_print(out, "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"model_max_length\": %zu, ", longest);
    writer_print(out, "\"truncation_side\": \"%s\", ", model->config.text.cut == HEED_CUT_PRE ? "left" : "right");
    writer_text(out, "\"model_input_names\": [\"input_ids\", \"attention_mask\"], \"pad_token\": ");
    escape_json(out, tokenizer_token(e->words, padding_of(e)));
    writer_text(out, "}\n");
}

static void print_tokenizer(writer *out, const heed_model *model, heed_error *error)
{
    char *text = NULL;
    if (tokenizer_json(&text, model->encoder->words, error) == HEED_OK)
        writer_text(out, text);
    else
        writer_fail(out, ENOMEM);
    free(text);
}

/* ---- the folder */

static heed_status write_file(const char *folder, const char *name, writer *content, heed_error *error)
{
    char *path = path_join(folder, name);
    heed_status status = path == NULL ? fail_memory(error, "a path") : writer_check(content, error);
    if (status == HEED_OK)
        status = file_write(path, content->data, content->size, error);
    writer_release(content);
    free(path);
    return status;
}

heed_status heed_model_export_huggingface(const heed_model *model, const char *folder, heed_error *error)
{
    const layer *found[HEAD_LAYERS];
    writer tensors = {0}, config = {0}, words = {0}, words_config = {0};
    heed_status status;
    TRY(need_head(found, model, error));
    TRY(path_need_folder(folder, error));
    print_config(&config, model);
    print_tokenizer_config(&words_config, model);
    print_tokenizer(&words, model, error);
    print_tensors(&tensors, model, found, error);
    TRY(write_file(folder, "model.safetensors", &tensors, error));
    TRY(write_file(folder, "config.json", &config, error));
    TRY(write_file(folder, "tokenizer.json", &words, error));
    status = write_file(folder, "tokenizer_config.json", &words_config, error);
done:
    writer_release(&tensors);
    writer_release(&config);
    writer_release(&words);
    writer_release(&words_config);
    return status;
}
