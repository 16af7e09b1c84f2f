#include "about_answers.h"

#include <string.h>

#include "base/escape.h"
#include "options/choices.h"
#include "text_answers.h"

/* page.html, openapi.json */
extern const char serve_page_data[], serve_page_data_end[], serve_openapi_data[], serve_openapi_data_end[];

static const char content_json[] = "application/json", content_html[] = "text/html; charset=utf-8",
                  content_text[] = "text/plain; version=0.0.4; charset=utf-8";

static void string_write(writer *out, const char *text)
{
    escape_json(out, bytes_of(text));
}

static void names_write(writer *out, const serving *s)
{
    for (size_t i = 0; i < s->models.count; i++)
        writer_print(out, "%s\"%s\"", i > 0 ? ", " : "", s->models.items[i].name);
}

/* ---- KServe and Triton (https://github.com/triton-inference-server/server, "docs/protocol") */

/* more: further members. */
static void server_write(writer *out, const serving *s, const char *more)
{
    writer_print(out,
                 "{\"name\": \"heed\", \"version\": \"%s\", \"extensions\": [\"binary_tensor_data\", "
                 "\"model_configuration\", \"statistics\", \"model_repository\"], \"models\": [",
                 heed_version());
    names_write(out, s);
    writer_print(out, "]%s}\n", more);
}

static void labels_write(writer *out, const model_version *v)
{
    for (size_t i = 0; i < v->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, v->labels[i]);
    }
}

/* Of two labels that of the positive one, of several each label's; of more, of which one is answered, there are none.
 */
static void thresholds_write(writer *out, const model_version *v)
{
    const heed_model_info *info = heed_model_describe(v->model);
    const bool several = v->task == HEED_TASK_MULTILABEL, two = v->task == HEED_TASK_BINARY;
    for (size_t i = 0; i < info->threshold_count && (several || two); i++) {
        writer_text(out, i > 0 ? ", " : "");
        string_write(out, v->labels[several ? i : info->positive]);
        writer_print(out, ": %.9g", info->thresholds[i]);
    }
}

static void model_write(writer *out, const served_model *m, const model_version *v)
{
    writer_print(out,
                 "{\"name\": \"%s\", \"versions\": [\"%u\"], \"platform\": \"heed\", "
                 "\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [-1]}], "
                 "\"outputs\": [{\"name\": \"label\", \"datatype\": \"BYTES\", \"shape\": [-1]}, "
                 "{\"name\": \"scores\", \"datatype\": \"FP32\", \"shape\": [-1, %zu]}], "
                 "\"weights\": \"%s\", \"labels\": [",
                 m->name, v->number, v->label_count, names_of(&weights_names, v->weights));
    labels_write(out, v);
    writer_text(out, "], \"thresholds\": {");
    thresholds_write(out, v);
    writer_text(out, "}}\n");
}

static void config_write(writer *out, const served_model *m, const model_version *v)
{
    writer_print(
        out,
        "{\"name\": \"%s\", \"platform\": \"heed\", \"backend\": \"heed\", \"version_policy\": {\"latest\": "
        "{\"num_versions\": 1}}, \"max_batch_size\": 0, \"input\": [{\"name\": \"text\", \"data_type\": "
        "\"TYPE_STRING\", \"dims\": [-1]}], \"output\": [{\"name\": \"label\", \"data_type\": \"TYPE_STRING\", "
        "\"dims\": [-1]}, {\"name\": \"scores\", \"data_type\": \"TYPE_FP32\", \"dims\": [-1, %zu]}]}\n",
        m->name, v->label_count);
}

static void duration_write(writer *out, const char *name, const duration_count *d, const char *after)
{
    writer_print(out, "\"%s\": {\"count\": %llu, \"ns\": %llu}%s", name, (unsigned long long)d->count,
                 (unsigned long long)d->nanoseconds, after);
}

static void model_statistics_write(writer *out, const served_model *m, unsigned version)
{
    /* Triton's clients want to see these; heed does not count them apart, and has no cache. */
    static const char *const apart[] = {"queue", "compute_input", "compute_output", "cache_hit", "cache_miss"};
    writer_print(out,
                 "{\"name\": \"%s\", \"version\": \"%u\", \"last_inference\": %llu, \"inference_count\": %llu, "
                 "\"execution_count\": %llu, \"inference_stats\": {",
                 m->name, version, (unsigned long long)m->last_inference, (unsigned long long)m->texts,
                 (unsigned long long)m->compute.count);
    duration_write(out, "success", &m->success, ", ");
    duration_write(out, "fail", &m->failed, ", ");
    duration_write(out, "compute_infer", &m->compute, "");
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        writer_print(out, ", \"%s\": {\"count\": 0, \"ns\": 0}", apart[i]);
    writer_text(out, "}, \"batch_stats\": []}");
}

static void statistics_write(writer *out, serving *s, const served_model *only, const model_version *v)
{
    writer_text(out, "{\"model_stats\": [");
    if (only != NULL)
        model_statistics_write(out, only, v->number);
    for (size_t i = 0; i < s->models.count && only == NULL; i++) {
        model_version *current = model_get(&s->models.items[i]);
        writer_text(out, i > 0 ? ", " : "");
        model_statistics_write(out, &s->models.items[i], current->number);
        model_put(current);
    }
    writer_text(out, "]}\n");
}

static void repository_write(writer *out, serving *s)
{
    writer_byte(out, '[');
    for (size_t i = 0; i < s->models.count; i++) {
        model_version *v = model_get(&s->models.items[i]);
        writer_print(out, "%s{\"name\": \"%s\", \"version\": \"%u\", \"state\": \"READY\", \"reason\": \"\"}",
                     i > 0 ? ", " : "", s->models.items[i].name, v->number);
        model_put(v);
    }
    writer_text(out, "]\n");
}

/* ---- TensorFlow Serving */

/* As OpenAI's clients know a model. */
static void openai_write(writer *out, const serving *s, const served_model *m)
{
    writer_print(out, "\"id\": \"%s\", \"object\": \"model\", \"created\": %.0f, \"owned_by\": \"heed\"", m->name,
                 s->began);
}

/* For TensorFlow Serving, KServe's first version and OpenAI at once: each reads its own members. */
static void status_write(writer *out, const serving *s, const served_model *m, const model_version *v)
{
    writer_print(out,
                 "{\"model_version_status\": [{\"version\": \"%u\", \"state\": \"AVAILABLE\", "
                 "\"status\": {\"error_code\": \"OK\", \"error_message\": \"\"}}], \"name\": \"%s\", \"ready\": true, ",
                 v->number, m->name);
    openai_write(out, s, m);
    writer_text(out, "}\n");
}

static void models_list_write(writer *out, const serving *s)
{
    writer_text(out, "{\"object\": \"list\", \"data\": [");
    for (size_t i = 0; i < s->models.count; i++) {
        writer_text(out, i > 0 ? ", {" : "{");
        openai_write(out, s, &s->models.items[i]);
        writer_byte(out, '}');
    }
    writer_text(out, "], \"models\": [");
    names_write(out, s);
    writer_text(out, "]}\n");
}

static void signature_tensor_write(writer *out, const char *name, const char *type, size_t columns)
{
    writer_print(out, "\"%s\": {\"dtype\": \"%s\", \"tensor_shape\": {\"dim\": [{\"size\": \"-1\", \"name\": \"\"}",
                 name, type);
    if (columns > 0)
        writer_print(out, ", {\"size\": \"%zu\", \"name\": \"\"}", columns);
    writer_print(out, "], \"unknown_rank\": false}, \"name\": \"%s:0\"}", name);
}

static void metadata_write(writer *out, const served_model *m, const model_version *v)
{
    writer_print(out,
                 "{\"model_spec\": {\"name\": \"%s\", \"signature_name\": \"\", \"version\": \"%u\"}, \"metadata\": "
                 "{\"signature_def\": {\"signature_def\": {\"serving_default\": {\"inputs\": {",
                 m->name, v->number);
    signature_tensor_write(out, "text", "DT_STRING", 0);
    writer_text(out, "}, \"outputs\": {");
    signature_tensor_write(out, "label", "DT_STRING", 0);
    writer_text(out, ", ");
    signature_tensor_write(out, "scores", "DT_FLOAT", v->label_count);
    writer_text(out, "}, \"method_name\": \"tensorflow/serving/predict\", \"defaults\": {}}}}}}\n");
}

/* ---- text-embeddings-inference */

static void id_labels_write(writer *out, const model_version *v, bool by_label)
{
    for (size_t i = 0; i < v->label_count; i++) {
        writer_text(out, i > 0 ? ", " : "");
        if (!by_label)
            writer_print(out, "\"%zu\": ", i);
        string_write(out, v->labels[i]);
        if (by_label)
            writer_print(out, ": %zu", i);
    }
}

static void info_write(writer *out, const serving *s, const served_model *m, const model_version *v)
{
    writer_print(
        out,
        "{\"model_id\": \"%s\", \"model_sha\": null, \"model_dtype\": \"%s\", \"model_type\": {\"classifier\": "
        "{\"id2label\": {",
        m->name, names_of(&weights_names, v->weights));
    id_labels_write(out, v, false);
    writer_text(out, "}, \"label2id\": {");
    id_labels_write(out, v, true);
    writer_print(out,
                 "}}}, \"max_concurrent_requests\": %zu, \"max_input_length\": %llu, \"max_batch_tokens\": %llu, "
                 "\"max_batch_requests\": %d, \"max_client_batch_size\": %zu, \"auto_truncate\": true, "
                 "\"tokenization_workers\": %zu, \"version\": \"%s\", \"sha\": null, \"docker_label\": null}\n",
                 s->connections, (unsigned long long)v->window, (unsigned long long)s->max_cost, MAX_BATCH,
                 s->max_texts, v->workers, heed_version());
}

/* ---- the page, and what describes all */

/* Browsers name HTML; who names no type gets the page, too. For others there is what /v2 answers, with the member by
 * which KServe's first version knows that a server is alive. */
static bool wants_json(const http_request *request)
{
    const heed_bytes accept = request->head != NULL ? request->head->accept : (heed_bytes){NULL, 0};
    return accept.size > 0 && memmem(accept.data, accept.size, "text/html", 9) == NULL;
}

static const char *page_write(writer *out, const serving *s, const http_request *request, http_answer *answer)
{
    http_answer_header(answer, "Vary", bytes_of("Accept"));
    if (wants_json(request)) {
        server_write(out, s, ", \"status\": \"alive\"");
        return content_json;
    }
    writer_bytes(out, serve_page_data, (size_t)(serve_page_data_end - serve_page_data));
    return content_html;
}

/* openapi.json with the names of the models in the place of its mark, and the version. */
static void openapi_write(writer *out, const serving *s)
{
    static const char names[] = "\"@models@\"", version[] = "@version@";
    heed_bytes rest = {serve_openapi_data, (size_t)(serve_openapi_data_end - serve_openapi_data)};
    while (rest.size > 0) {
        const char *name = memmem(rest.data, rest.size, names, sizeof names - 1);
        const char *number = memmem(rest.data, rest.size, version, sizeof version - 1);
        const char *mark = name == NULL || (number != NULL && number < name) ? number : name;
        const size_t size = mark == NULL ? rest.size : (size_t)(mark - rest.data);
        writer_bytes(out, rest.data, size);
        if (mark == NULL)
            break;
        if (mark == name)
            names_write(out, s);
        else
            writer_text(out, heed_version());
        const size_t skipped = size + (mark == name ? sizeof names : sizeof version) - 1;
        rest = (heed_bytes){rest.data + skipped, rest.size - skipped};
    }
}

/* ---- all of them */

/* Returns the type of what it writes. */
static const char *about_write(writer *out, serving *s, const served_model *m, const model_version *v, route route)
{
    switch (route) {
    case ROUTE_OPENAPI:
        openapi_write(out, s);
        break;
    case ROUTE_SERVER:
        server_write(out, s, "");
        break;
    case ROUTE_MODEL:
        model_write(out, m, v);
        break;
    case ROUTE_CONFIG:
        config_write(out, m, v);
        break;
    case ROUTE_STATISTICS:
        statistics_write(out, s, m, v);
        break;
    case ROUTE_REPOSITORY:
        repository_write(out, s);
        break;
    case ROUTE_MODELS:
        models_list_write(out, s);
        break;
    case ROUTE_STATUS:
        status_write(out, s, m, v);
        break;
    case ROUTE_METADATA:
        metadata_write(out, m, v);
        break;
    case ROUTE_INFO:
        info_write(out, s, m, v);
        break;
    case ROUTE_MODEL_READY:
        writer_print(out, "{\"name\": \"%s\", \"ready\": true}\n", m->name);
        break;
    case ROUTE_READY:
        writer_text(out, "{\"ready\": true}\n");
        break;
    case ROUTE_METRICS:
        metrics_write(&s->metrics, out, &s->models,
                      (server_gauges){batcher_depth(s->predictions), batcher_depth(s->explanations),
                                      http_connections(s->http), s->began});
        return content_text;
    default:
        writer_text(out, "{\"live\": true}\n");
    }
    return content_json;
}

void about_answer(serving *s, const served_model *m, const model_version *v, route route, const http_request *request,
                  http_answer *answer)
{
    const bool ready = route == ROUTE_READY || route == ROUTE_MODEL_READY;
    writer body = {0};
    if (ready && s->draining) {
        http_refuse(answer, 503, "the server is shutting down");
        return;
    }
    const char *type = route == ROUTE_PAGE ? page_write(&body, s, request, answer) : about_write(&body, s, m, v, route);
    answer_take(answer, &body, type);
}
