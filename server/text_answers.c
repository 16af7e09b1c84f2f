#include "text_answers.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/escape.h"

static const char content_json[] = "application/json";

void answer_take(http_answer *answer, writer *body, const char *type)
{
    answer->type = type;
    answer->status = 200;
    if (writer_take(body, &answer->body, &answer->size, NULL) != HEED_OK)
        http_refuse(answer, 503, "out of memory for the answer");
    writer_release(body);
}

/* ---- labels and scores */

static void string_write(writer *out, const char *text)
{
    escape_json(out, bytes_of(text));
}

static bool is_multilabel(const text_request *r)
{
    return r->version->task == HEED_TASK_MULTILABEL;
}

/* Decides the labels as heed predict does, into r->order, likeliest first; returns how many. */
static size_t decide(text_request *r, const float *probabilities)
{
    return heed_model_decide(r->order, r->version->model, probabilities, NULL);
}

/* The labels of a text that may have several, as a list, as heed predict writes JSON. */
static void labels_write(writer *out, text_request *r, const float *probabilities)
{
    size_t count = decide(r, probabilities);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, r->version->labels[r->order[i]]);
    }
    writer_byte(out, ']');
}

/* The same as one text, joined as heed predict joins them: the only label of a model that answers with one. */
static void labels_join(writer *out, text_request *r, const float *probabilities)
{
    size_t count = decide(r, probabilities);
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? "," : "");
        writer_text(out, r->version->labels[r->order[i]]);
    }
}

/* A network can overflow; JSON has neither infinity nor NaN. */
static void score_write(writer *out, float score)
{
    if (isfinite(score))
        writer_print(out, "%.6g", (double)score);
    else
        writer_text(out, "null");
}

static void scores_write(writer *out, const text_request *r, const float *probabilities)
{
    for (size_t i = 0; i < r->version->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        score_write(out, probabilities[i]);
    }
}

static const float *row(const text_request *r, size_t text)
{
    return r->probabilities + text * r->version->label_count;
}

/* ---- KServe (https://github.com/kserve/open-inference-protocol, "Inference REST"), with Triton's binary tensors */

static void label_write(writer *out, text_request *r, size_t text)
{
    writer joined = {0};
    labels_join(&joined, r, row(r, text));
    if (joined.problem != 0)
        writer_fail(out, joined.problem);
    escape_json(out, (heed_bytes){joined.data, joined.size});
    writer_release(&joined);
}

static void number_write_4(writer *out, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        writer_byte(out, (char)(number >> (8 * i)));
}

static void label_bytes_write(writer *out, text_request *r, size_t text)
{
    writer label = {0};
    labels_join(&label, r, row(r, text));
    number_write_4(out, (uint32_t)label.size);
    writer_bytes(out, label.data, label.size);
    if (label.problem != 0)
        writer_fail(out, label.problem);
    writer_release(&label);
}

static void scores_bytes_write(writer *out, text_request *r, size_t text)
{
    for (size_t i = 0; i < r->version->label_count; i++) {
        uint32_t bits;
        memcpy(&bits, &row(r, text)[i], sizeof bits);
        number_write_4(out, bits);
    }
}

static void text_scores_write(writer *out, text_request *r, size_t text)
{
    scores_write(out, r, row(r, text));
}

/* An output, and how a text's part of it is written in both forms. */
typedef struct infer_output {
    const char *name, *type;
    void (*json)(writer *out, text_request *r, size_t text), (*bytes)(writer *out, text_request *r, size_t text);
} infer_output;
static const infer_output label_output = {"label", "BYTES", label_write, label_bytes_write};
static const infer_output scores_output = {"scores", "FP32", text_scores_write, scores_bytes_write};

/* The output with its data; in binary form with the size of what is added to `tensors`. */
static void output_write(writer *out, writer *tensors, text_request *r, const infer_output *output, output_form form)
{
    const size_t before = tensors->size, count = r->body.count;
    writer_print(out, "{\"name\": \"%s\", \"shape\": [%zu", output->name, count);
    if (output == &scores_output)
        writer_print(out, ", %zu", r->version->label_count);
    writer_print(out, "], \"datatype\": \"%s\", ", output->type);
    for (size_t i = 0; i < count && form == OUTPUT_BINARY; i++)
        output->bytes(tensors, r, i);
    if (form == OUTPUT_BINARY) {
        writer_print(out, "\"parameters\": {\"binary_data_size\": %zu}}", tensors->size - before);
        return;
    }
    writer_text(out, "\"data\": [");
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        output->json(out, r, i);
    }
    writer_text(out, "]}");
}

static void infer_write(writer *out, writer *tensors, text_request *r)
{
    writer_print(out, "{\"model_name\": \"%s\", \"model_version\": \"%u\", ", r->served->name, r->version->number);
    if (r->body.id != NULL) {
        writer_text(out, "\"id\": ");
        escape_json(out, (heed_bytes){json_string_value(r->body.id), json_string_length(r->body.id)});
        writer_text(out, ", ");
    }
    writer_text(out, "\"outputs\": [");
    const char *between = "";
    for (int i = 0; i < 2; i++) {
        const bool scores = (i == 1) != r->body.scores_first;
        const output_form form = scores ? r->body.scores : r->body.label;
        if (form == OUTPUT_NONE)
            continue;
        writer_text(out, between);
        output_write(out, tensors, r, scores ? &scores_output : &label_output, form);
        between = ", ";
    }
    writer_text(out, "]}");
}

static void infer_answer(text_request *r, http_answer *answer)
{
    const bool binary = r->body.label == OUTPUT_BINARY || r->body.scores == OUTPUT_BINARY;
    writer body = {0}, tensors = {0};
    char size[24];
    infer_write(&body, &tensors, r);
    snprintf(size, sizeof size, "%zu", body.size);
    if (binary)
        writer_bytes(&body, tensors.data, tensors.size);
    else
        writer_byte(&body, '\n');
    if (tensors.problem != 0)
        writer_fail(&body, tensors.problem);
    writer_release(&tensors);
    answer_take(answer, &body, binary ? "application/octet-stream" : content_json);
    if (binary && answer->status == 200)
        http_answer_header(answer, "Inference-Header-Content-Length", bytes_of(size));
}

/* ---- TensorFlow Serving (https://www.tensorflow.org/tfx/serving/api_rest) */

static void tf_label_write(writer *out, text_request *r, size_t text)
{
    if (is_multilabel(r))
        labels_write(out, r, row(r, text));
    else
        label_write(out, r, text);
}

static void tfserving_rows_write(writer *out, text_request *r)
{
    writer_text(out, "{\"predictions\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        tf_label_write(out, r, i);
        writer_text(out, ", \"scores\": [");
        scores_write(out, r, row(r, i));
        writer_text(out, "]}");
    }
    writer_text(out, "]}\n");
}

static void tfserving_columns_write(writer *out, text_request *r)
{
    writer_text(out, "{\"outputs\": {\"label\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        tf_label_write(out, r, i);
    }
    writer_text(out, "], \"scores\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", [" : "[");
        scores_write(out, r, row(r, i));
        writer_byte(out, ']');
    }
    writer_text(out, "]}}\n");
}

static void tfserving_write(writer *out, text_request *r)
{
    (r->body.columns ? tfserving_columns_write : tfserving_rows_write)(out, r);
}

/* ---- Hugging Face, text-embeddings-inference */

/* The likeliest labels of one text as a list; the label that is decided comes first. */
static void ranking_write(writer *out, text_request *r, const float *probabilities, size_t count)
{
    heed_model_rank(r->order, count, r->version->model, probabilities, NULL);
    writer_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        writer_text(out, i > 0 ? ", {\"label\": " : "{\"label\": ");
        string_write(out, r->version->labels[r->order[i]]);
        writer_text(out, ", \"score\": ");
        score_write(out, probabilities[r->order[i]]);
        writer_byte(out, '}');
    }
    writer_byte(out, ']');
}

static void rankings_write(writer *out, text_request *r)
{
    size_t labels = r->version->label_count, top = r->body.top_k;
    for (size_t i = 0; i < r->body.count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        ranking_write(out, r, row(r, i), top == 0 || top > labels ? labels : top);
    }
}

/* The answer to a text is a list, the answer to a list of texts a list of lists, whatever top_k is. */
static void huggingface_write(writer *out, text_request *r)
{
    writer_text(out, r->body.single ? "" : "[");
    rankings_write(out, r);
    writer_text(out, r->body.single ? "\n" : "]\n");
}

/* A list of lists, for one text too. */
static void hub_write(writer *out, text_request *r)
{
    writer_byte(out, '[');
    rankings_write(out, r);
    writer_text(out, "]\n");
}

/* ---- vLLM (https://docs.vllm.ai, "Classification API") */

static void classify_write(writer *out, text_request *r)
{
    writer_print(out,
                 "{\"id\": \"classify-%llu\", \"object\": \"list\", \"created\": %lld, \"model\": \"%s\", \"data\": [",
                 (unsigned long long)++r->serving->answered, (long long)time(NULL), r->served->name);
    for (size_t i = 0; i < r->body.count; i++) {
        writer_print(out, "%s{\"index\": %zu, \"label\": ", i > 0 ? ", " : "", i);
        label_write(out, r, i);
        writer_text(out, ", \"probs\": [");
        scores_write(out, r, row(r, i));
        writer_print(out, "], \"num_classes\": %zu}", r->version->label_count);
    }
    const unsigned long long tokens = r->tokens;
    writer_print(out,
                 "], \"usage\": {\"prompt_tokens\": %llu, \"total_tokens\": %llu, \"completion_tokens\": 0, "
                 "\"prompt_tokens_details\": null}}\n",
                 tokens, tokens);
}

/* ---- explanations */

/* One explanation is drawn at a time, since drawing takes far more memory than its result. */
static pthread_mutex_t drawing = PTHREAD_MUTEX_INITIALIZER;

static void explain_write(writer *out, text_request *r)
{
    writer_text(out, "{\"explanations\": [");
    for (size_t i = 0; i < r->body.count; i++) {
        const heed_explanation *one = r->explanations[i];
        char *json = NULL;
        size_t size = 0;
        pthread_mutex_lock(&drawing);
        if (heed_explanations_draw(&json, &size, &one, 1, HEED_EXPLANATION_JSON, NULL) != HEED_OK)
            writer_fail(out, ENOMEM);
        pthread_mutex_unlock(&drawing);
        while (size > 0 && json[size - 1] == '\n')
            size--;
        writer_text(out, i > 0 ? ", " : "");
        writer_bytes(out, json, size);
        heed_free(json);
    }
    writer_text(out, "]}\n");
}

/* ---- all of them */

static void labels_count(text_request *r)
{
    for (size_t i = 0; i < r->body.count; i++) {
        size_t count = decide(r, row(r, i));
        for (size_t k = 0; k < count; k++)
            r->version->predicted[r->order[k]]++;
    }
}

void text_request_write(text_request *r, route route, http_answer *answer)
{
    writer body = {0};
    if (route != ROUTE_EXPLAIN)
        labels_count(r);
    if (route == ROUTE_INFER) {
        infer_answer(r, answer);
        return;
    }
    (route == ROUTE_EXPLAIN     ? explain_write
     : route == ROUTE_TFSERVING ? tfserving_write
     : route == ROUTE_HUB       ? hub_write
     : route == ROUTE_CLASSIFY  ? classify_write
                                : huggingface_write)(&body, r);
    answer_take(answer, &body, content_json);
}
