/* What an architecture becomes, before there are rows: described as a model is, by the functions of its class. */
#include <stdlib.h>

#include "base/json_memory.h"
#include "base/memory.h"
#include "base/status.h"
#include "metrics/answer.h"
#include "model/classifier_table.h"
#include "model/layer_graph.h"
#include "model/network_classifier.h"
#include "options/choices.h"
#include "options/option_structs.h"

/* What the public functions take. */
typedef struct outline {
    const heed_train_options *train;
    const heed_text_options *text;
    heed_task task;
    size_t label_count;
} outline;

enum { MAX_LABELS = 65536, FEWEST_IDS = 3 /* padding, unknown, a word */ };

static heed_status check(const heed_text_options *text, heed_task task, size_t labels, heed_error *error)
{
    if (text->max_words < FEWEST_IDS || text->max_words > INT32_MAX)
        return fail(error, HEED_USAGE, "--max-words: found %u, expected the number of words to count with, from %d",
                    text->max_words, FEWEST_IDS);
    if (text->max_length == 0)
        return fail(
            error, HEED_USAGE,
            "--max-length: found mean, which is known only with rows; expected the number of tokens to count with");
    if (labels < 2 || labels > MAX_LABELS)
        return fail(error, HEED_USAGE, "found %zu labels, expected 2 to %d", labels, MAX_LABELS);
    if ((task == HEED_TASK_BINARY) != (labels == 2) && task != HEED_TASK_MULTILABEL)
        return fail(error, HEED_USAGE, "found %zu labels and a task for %s", labels,
                    task == HEED_TASK_BINARY ? "two" : "several");
    return HEED_OK;
}

/* A model that is only good for being described: no weights, no words, no labels. */
static heed_status make(heed_model **out, const outline *o, heed_error *error)
{
    heed_train_options train;
    heed_text_options text;
    heed_status status;
    *out = NULL;
    TRY(options_take(HEED_OPTIONS_TRAIN, &train, o->train, error));
    TRY(options_take(HEED_OPTIONS_TEXT, &text, o->text, error));
    TRY(check(&text, o->task, o->label_count, error));
    const classifier_class *class = classifier_class_of(train.architecture);
    if (class != &network_classifier)
        return fail(
            error, HEED_USAGE,
            "architecture: found '%.60s', whose size is known only with %s; expected a network, such as 'embed 64 | "
            "bilstm 32 | max'",
            train.architecture,
            class->reads_subwords ? "its encoder" : "rows: a weight for each of their words and n-grams");
    heed_model *m = memory_array(1, sizeof *m);
    if (m == NULL)
        return fail_memory(error, "an architecture");
    trained_network *n = NULL;
    const network_spec spec = {.architecture = train.architecture,
                               .vocabulary = text.max_words,
                               .window = text.max_length,
                               .outputs = task_outputs(o->task, (uint32_t)o->label_count),
                               .mask = train.mask,
                               .pad_behind = text.pad == HEED_PAD_POST,
                               .task = o->task};
    m->class = class;
    *out = m;
    status = trained_network_new(&n, &spec, error);
    m->trained = n;
done:
    return status;
}

static void print(writer *out, const heed_model *m, const outline *o)
{
    const network_spec *spec = &model_network(m)->net->spec;
    writer_print(out, "%s\n", m->class->architecture(m));
    m->class->print(out, m);
    writer_print(out,
                 "\nNot trained: %u ids of words (as many as the rows have, at most --max-words), texts of %u tokens "
                 "(--max-length),\n%zu labels, %s\n",
                 spec->vocabulary, spec->window, o->label_count,
                 o->task == HEED_TASK_MULTILABEL ? "any number of them per row" : "one per row");
}

static json_t *json_of(const heed_model *m, const outline *o)
{
    const network_spec *spec = &model_network(m)->net->spec;
    return json_pack("{s:s, s:b, s:I, s:I, s:s, s:I, s:o, s:I}", "architecture", m->class->architecture(m), "mask",
                     spec->mask, "ids", (json_int_t)spec->vocabulary, "window", (json_int_t)spec->window, "task",
                     names_of(&task_names, o->task), "labels", (json_int_t)o->label_count, m->class->json_key,
                     m->class->json(m), "parameters", (json_int_t)m->class->parameters(m));
}

heed_status heed_outline_summary(char **out, const heed_train_options *train, const heed_text_options *text,
                                 heed_task task, size_t label_count, heed_error *error)
{
    const outline o = {train, text, task, label_count};
    heed_model *m = NULL;
    writer written = {0};
    heed_status status;
    *out = NULL;
    TRY(make(&m, &o, error));
    print(&written, m, &o);
    status = writer_take(&written, out, NULL, error);
done:
    writer_release(&written);
    heed_model_free(m);
    return status;
}

heed_status heed_outline_json(char **out, const heed_train_options *train, const heed_text_options *text,
                              heed_task task, size_t label_count, heed_error *error)
{
    const outline o = {train, text, task, label_count};
    heed_model *m = NULL;
    heed_status status;
    *out = NULL;
    TRY(make(&m, &o, error));
    const size_t failures = json_memory_failures();
    json_t *root = json_of(m, &o);
    status = json_print(out, root, JSON_INDENT(2), failures, "an architecture's description", error);
    json_decref(root);
done:
    heed_model_free(m);
    return status;
}

heed_status heed_outline_dot(char **out, const heed_train_options *train, const heed_text_options *text, heed_task task,
                             size_t label_count, heed_error *error)
{
    const outline o = {train, text, task, label_count};
    heed_model *m = NULL;
    heed_status status;
    *out = NULL;
    TRY(make(&m, &o, error));
    status = heed_model_dot(out, m, error);
done:
    heed_model_free(m);
    return status;
}
