#include "model/linear_classifier.h"

#include <string.h>

#include "base/status.h"
#include "linear/linear_parts.h"
#include "linear/linear_summary.h"
#include "model/logistic_methods.h"
#include "model/logistic_scratch.h"
#include "network/architecture.h"

const linear *model_linear(const heed_model *model)
{
    return model->class == &linear_classifier ? model->trained : NULL;
}

/* ---- architectures */

static heed_status canonical(char **out, const char *architecture, heed_error *error)
{
    double strength;
    return architecture_parse_linear(&strength, out, architecture, error);
}

/* ---- parameters */

static const linear *learnt(const heed_model *model)
{
    return model->trained;
}

static void free_linear(void *trained)
{
    linear_free(trained);
}

static uint64_t parameters(const heed_model *model)
{
    return logistic_parameters(&learnt(model)->fit);
}

/* ---- its file: F features, K outputs, B bigrams */

static tensor_spec kernel_tensor(uint64_t features, uint64_t outputs)
{
    return tensor_matrix("linear.kernel", TENSOR_F32, features, outputs);
}

static tensor_spec bias_tensor(uint64_t outputs)
{
    return tensor_vector("linear.bias", TENSOR_F32, outputs);
}

static tensor_spec idf_tensor(uint64_t features)
{
    return tensor_vector("linear.idf", TENSOR_F32, features);
}

static tensor_spec bigram_tensor(uint64_t bigrams)
{
    return tensor_matrix("linear.bigrams", TENSOR_U32, bigrams, 2);
}

static void list_bigrams(tensor_list *l, const ngrams *n)
{
    uint32_t *pairs = tensor_list_memory(l, n->bigrams, 2 * sizeof *pairs);
    if (pairs == NULL || n->bigrams == 0)
        return;
    for (uint32_t w = 0; w < n->words; w++)
        for (uint32_t i = n->begin[w]; i < n->begin[w + 1]; i++) {
            pairs[2 * (size_t)i] = w;
            pairs[2 * (size_t)i + 1] = n->second[i];
        }
    tensor_list_add(l, bigram_tensor(n->bigrams), pairs);
}

static void list_tensors(tensor_list *l, const heed_model *model)
{
    const linear *m = learnt(model);
    uint64_t features = ngrams_count(&m->features);
    tensor_list_add(l, kernel_tensor(features, m->fit.outputs), m->fit.weights);
    tensor_list_add(l, bias_tensor(m->fit.outputs), m->fit.bias);
    tensor_list_add(l, idf_tensor(features), m->features.idf);
    list_bigrams(l, &m->features);
}

/* The tensors: B pairs of words, [F] idf, [F][K] kernel, [K] bias. */
typedef struct linear_tensors {
    const stored_tensor *pairs, *idf, *kernel, *bias; /* pairs: NULL without bigrams */
    uint32_t bigrams;
} linear_tensors;

/* Features are the words, then the bigrams, so the number of features follows from both. bias is NULL after a failure.
 */
static linear_tensors need_tensors(tensor_reader *r, const heed_model *model)
{
    linear_tensors t = {.pairs = tensor_reader_peek(r, bigram_tensor(0).name)};
    uint64_t bigrams = t.pairs == NULL ? 0 : t.pairs->shape[0], words = model->words.words.count;
    uint32_t outputs = model->config.network.outputs;
    if (bigrams > INT32_MAX - words)
        tensor_reader_refuse(r, "tensor %s: more features than a model can have", t.pairs->name);
    if (t.pairs != NULL)
        tensor_reader_need(r, bigram_tensor(bigrams));
    t.bigrams = (uint32_t)bigrams;
    t.idf = tensor_reader_need(r, idf_tensor(words + bigrams));
    t.kernel = tensor_reader_need(r, kernel_tensor(words + bigrams, outputs));
    t.bias = tensor_reader_need(r, bias_tensor(outputs));
    return t;
}

static heed_status make_linear(heed_model *model, const linear_tensors *t, heed_error *error)
{
    bool softmax = model->config.labels.task == HEED_TASK_MULTICLASS;
    ngrams features;
    linear *l = NULL;
    heed_status status;
    TRY(ngrams_read(&features, &model->words, t->pairs == NULL ? NULL : t->pairs->data, t->bigrams, t->idf->data,
                    error));
    TRY(linear_new(&l, &features, model->config.network.outputs, softmax, error));
    model->trained = l;
    memcpy(l->fit.weights, t->kernel->data, t->kernel->size);
    memcpy(l->fit.bias, t->bias->data, t->bias->size);
    status = architecture_parse_linear(&l->fit.strength, NULL, model->config.network.architecture, error);
done:
    return status;
}

static void read_tensors(tensor_reader *r, heed_model *model)
{
    const linear_tensors t = need_tensors(r, model);
    if (t.bias == NULL)
        return;
    r->status = make_linear(model, &t, r->error);
    const linear *l = model->trained;
    if (l == NULL)
        return;
    tensor_reader_check_finite(r, t.kernel, l->fit.weights, ngrams_count(&l->features) * l->fit.outputs);
    tensor_reader_check_finite(r, t.bias, l->fit.bias, l->fit.outputs);
}

/* ---- outputs */

static const logistic *fit_of(const void *trained)
{
    return &((const linear *)trained)->fit;
}

static size_t room(const void *trained, const batch_row *row)
{
    (void)trained;
    return 2 * (size_t)row->length;
}

static size_t read_row(const void *trained, const batch_row *row, void *places, sparse_value *out)
{
    (void)places;
    return ngrams_row(&((const linear *)trained)->features, row->ids, (size_t)row->length, out);
}

static heed_status scratch_new(void **out, const heed_model *model, pool *workers, heed_error *error)
{
    static const feature_reader reader = {.fit = fit_of, .room = room, .read = read_row};
    return logistic_scratch_new(out, model, &reader, workers, error);
}

/* ---- explanations */

static heed_status weigh(const heed_model *model, const batch_row *row, size_t label, double *scores, double *baseline,
                         heed_error *error)
{
    const linear *l = learnt(model);
    double sign;
    uint32_t output = model_output_of(model, label, &sign);
    *baseline = sign * (double)l->fit.bias[output];
    return linear_add_parts(scores, l, row->ids, (size_t)row->length, (linear_logit){output, sign}, error);
}

/* ---- descriptions */

static linear_description describe(const heed_model *model)
{
    return (linear_description){.model = learnt(model),
                                .words = &model->words.words,
                                .labels = (const char *const *)model->labels,
                                .label_count = model->config.labels.count,
                                .positive = model->config.labels.positive};
}

static void print(writer *out, const heed_model *model)
{
    const linear_description d = describe(model);
    linear_summary_print(out, &d);
}

static json_t *json(const heed_model *model)
{
    const linear_description d = describe(model);
    return linear_summary_json(&d);
}

static heed_status draw(layer_graph *out, const heed_model *model, heed_error *error)
{
    return logistic_draw(out, &learnt(model)->fit, "TF-IDF of words and bigrams", error);
}

const classifier_class linear_classifier = {.name = "linear",
                                            .recognises = architecture_is_linear,
                                            .canonical = canonical,
                                            .whole_texts = true,
                                            .solver = "L-BFGS",
                                            .method_of_many = HEED_METHOD_WEIGHTS,
                                            .read = read_tensors,
                                            .list = list_tensors,
                                            .free = free_linear,
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
                                            .json_key = "linear",
                                            .json = json,
                                            .draw = draw};
