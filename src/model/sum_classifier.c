#include "model/sum_classifier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/layer_graph.h"
#include "model/logistic_methods.h"
#include "model/model_history.h"
#include "model/network_classifier.h"
#include "model/part_table.h"
#include "model/sum_scratch.h"
#include "model/sum_tensors.h"
#include "model/sum_text.h"
#include "network/architecture.h"

const model_sum *model_parts(const heed_model *model)
{
    return model->class == &sum_classifier ? model->trained : NULL;
}

bool model_reads_whole_texts(const heed_model *model)
{
    const model_sum *s = model_parts(model);
    return s != NULL ? sum_reads_whole_texts(s) : model->class->whole_texts;
}

const heed_model *model_with_network(const heed_model *model)
{
    if (model_network(model) != NULL)
        return model;
    const model_sum *s = model_parts(model);
    for (uint32_t i = 0; s != NULL && i < s->count; i++)
        if (model_network(s->parts[i].model) != NULL)
            return s->parts[i].model;
    return NULL;
}

const heed_model *model_with_epochs(const heed_model *model)
{
    const heed_model *m = model_has_epochs(model) ? model : model_with_network(model);
    return m != NULL && m->config.training.epochs_run > 0 ? m : NULL;
}

static const model_sum *learnt(const heed_model *model)
{
    return model->trained;
}

/* ---- architectures */

/* The text of the parts, each as `change` makes it, or as it is where that gives NULL; NULL if none is changed. */
static heed_status rewrite(char **out, const sum_text *parts,
                           heed_status (*change)(char **out, const char *part, heed_error *error), heed_error *error)
{
    char *changed[MOST_PARTS] = {0};
    const char *texts[MOST_PARTS];
    bool any = false;
    heed_status status = HEED_OK;
    *out = NULL;
    for (uint32_t i = 0; i < parts->count && status == HEED_OK; i++) {
        status = change(&changed[i], parts->text[i], error);
        texts[i] = changed[i] != NULL ? changed[i] : parts->text[i];
        any = any || changed[i] != NULL;
    }
    if (status == HEED_OK && any)
        status = sum_text_join(out, texts, parts->count, error);
    for (uint32_t i = 0; i < parts->count; i++)
        free(changed[i]);
    return status;
}

static heed_status canonical(char **out, const char *architecture, heed_error *error)
{
    sum_text parts;
    *out = NULL;
    heed_status status = sum_text_parse(&parts, architecture, error);
    if (status == HEED_OK)
        status = sum_text_join(out, (const char *const *)parts.text, parts.count, error);
    sum_text_release(&parts);
    return status;
}

static heed_status part_without_attention(char **out, const char *part, heed_error *error)
{
    const classifier_class *class = part_class_of(part);
    *out = NULL;
    return class->without_attention != NULL ? class->without_attention(out, part, error) : HEED_OK;
}

static heed_status without_attention(char **out, const char *architecture, heed_error *error)
{
    sum_text parts;
    *out = NULL;
    heed_status status = sum_text_parse(&parts, architecture, error);
    if (status == HEED_OK)
        status = rewrite(out, &parts, part_without_attention, error);
    sum_text_release(&parts);
    return status;
}

/* ---- what is read */

static text_reading parts_read(const heed_model *model)
{
    return sum_reads(learnt(model));
}

static void find_cut(bool *cut, const heed_model *model, const batch_row *row, uint32_t *scratch)
{
    sum_find_cut(cut, learnt(model), row, scratch);
}

/* ---- parameters */

static uint64_t parameters(const heed_model *model)
{
    const model_sum *s = learnt(model);
    uint64_t count = s->count;
    for (uint32_t i = 0; i < s->count; i++)
        count += s->parts[i].model->class->parameters(s->parts[i].model);
    return count;
}

static heed_precision best_weights(const heed_model *model)
{
    const model_sum *s = learnt(model);
    for (uint32_t i = 0; i < s->count; i++) {
        const heed_model *part = s->parts[i].model;
        heed_precision best =
            part->class->best_weights != NULL ? part->class->best_weights(part) : HEED_PRECISION_FLOAT32;
        if (!sum_part_counts(s, i))
            continue;
        if (best != HEED_PRECISION_FLOAT32)
            return best;
    }
    return HEED_PRECISION_FLOAT32;
}

/* Adds a part with random weights, if it has such. */
static heed_status randomise_part(model_sum *out, const heed_model *model, const sum_part *part, uint64_t seed,
                                  heed_error *error)
{
    const heed_model *m = part->model;
    sum_part *to = &out->parts[out->count];
    heed_status status;
    if (m->class->randomise == NULL)
        return HEED_OK;
    out->count++;
    to->weight = part->weight;
    TRY(sum_part_model(&to->model, model, m->config.network.architecture, &m->words, error));
    TRY(m->class->randomise(&to->model->trained, m, seed, error));
    TRY(sum_part_map(to, &model->words, error));
done:
    return status;
}

static heed_status randomise(void **out, const heed_model *model, uint64_t seed, heed_error *error)
{
    const model_sum *s = learnt(model);
    model_sum *random = NULL;
    heed_status status;
    *out = NULL;
    TRY(model_sum_new(&random, s->count, error));
    random->count = 0;
    for (uint32_t i = 0; i < s->count; i++)
        TRY(randomise_part(random, model, &s->parts[i], seed + i, error));
    if (random->count > 0) {
        *out = random;
        random = NULL;
    }
done:
    model_sum_free(random);
    return status;
}

/* ---- explanations */

static bool any_has_gradients(const model_sum *s)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->parts[i].model->class->has_gradients)
            return true;
    return false;
}

/* Integrated gradients of the parts that have gradients and the weights of others, which add up to the logit. */
static heed_method default_method(const heed_model *model)
{
    return any_has_gradients(model->trained) ? HEED_METHOD_INTEGRATED : HEED_METHOD_WEIGHTS;
}

/* A method is that of the parts with gradients, or of the other parts where there are none. */
static bool parts_have(const heed_model *model, heed_method method)
{
    const model_sum *s = learnt(model);
    bool gradients = any_has_gradients(s);
    for (uint32_t i = 0; i < s->count; i++) {
        const heed_model *part = s->parts[i].model;
        if (part->class->has_gradients == gradients && part->class->check_method(part, method, NULL) == HEED_OK)
            return true;
    }
    return false;
}

static heed_status check_method(const heed_model *model, heed_method method, heed_error *error)
{
    if (parts_have(model, method))
        return HEED_OK;
    if (!any_has_gradients(model->trained))
        return fail(error, HEED_USAGE, "method %s: no part of the sum has gradients, expected weights or leave-one-out",
                    heed_method_name(method));
    return fail(error, HEED_USAGE,
                "method %s: the model is a sum with gradients, expected %sgradient, integrated or leave-one-out",
                heed_method_name(method), parts_have(model, HEED_METHOD_ATTENTION) ? "attention, " : "");
}

/* ---- descriptions */

static void print(writer *out, const heed_model *model)
{
    const model_sum *s = learnt(model);
    for (uint32_t i = 0; i < s->count; i++) {
        const heed_model *part = s->parts[i].model;
        writer_print(out, "\nPart %u, weight %.4g: %s\n", i + 1, (double)s->parts[i].weight,
                     part->class->architecture(part));
        part->class->print(out, part);
        if (model_has_epochs(part))
            model_history_print(out, part);
    }
}

static json_t *json(const heed_model *model)
{
    const model_sum *s = learnt(model);
    json_t *parts = json_array();
    for (uint32_t i = 0; i < s->count; i++) {
        const heed_model *part = s->parts[i].model;
        json_t *one = json_pack("{s:f, s:s, s:o}", "weight", (double)s->parts[i].weight, "architecture",
                                part->class->architecture(part), part->class->json_key, part->class->json(part));
        if (model_has_epochs(part))
            json_object_set_new(one, "history", model_history_json(part));
        json_array_append_new(parts, one);
    }
    return parts;
}

/* Copies the nodes and edges of a part's graph to the end of one that has room. Returns the part's last node. */
static size_t append_graph(layer_graph *out, const layer_graph *part)
{
    size_t first = out->node_count;
    memcpy(out->nodes + first, part->nodes, part->node_count * sizeof *part->nodes);
    for (size_t i = 0; i < part->edge_count; i++) {
        graph_edge *edge = &out->edges[out->edge_count++];
        *edge = part->edges[i];
        edge->from += first;
        edge->to += first;
    }
    out->node_count += part->node_count;
    return out->node_count - 1;
}

static void join_graphs(layer_graph *out, const layer_graph *parts, uint32_t count, uint32_t outputs)
{
    size_t last[MOST_PARTS];
    for (uint32_t i = 0; i < count; i++)
        last[i] = append_graph(out, &parts[i]);
    graph_node *node = layer_graph_node(out, "sum", "Weighted sum of logits");
    node->parameters = count;
    snprintf(node->output, sizeof node->output, "(None, %u)", outputs);
    for (uint32_t i = 0; i < count; i++)
        layer_graph_output_edge(out, last[i]);
}

static heed_status draw(layer_graph *out, const heed_model *model, heed_error *error)
{
    const model_sum *s = learnt(model);
    layer_graph parts[MOST_PARTS] = {0};
    size_t nodes = 1, edges = s->count;
    heed_status status;
    for (uint32_t i = 0; i < s->count; i++) {
        TRY(layer_graph_init(&parts[i], s->parts[i].model, error));
        nodes += parts[i].node_count;
        edges += parts[i].edge_count;
    }
    TRY(layer_graph_room(out, nodes, edges, error));
    join_graphs(out, parts, s->count, model->config.network.outputs);
done:
    for (uint32_t i = 0; i < s->count; i++)
        layer_graph_release(&parts[i]);
    return status;
}

const classifier_class sum_classifier = {.name = "a sum",
                                         .recognises = architecture_is_sum,
                                         .canonical = canonical,
                                         .without_attention = without_attention,
                                         .has_parts = true,
                                         .parts_read = parts_read,
                                         .find_cut = find_cut,
                                         .whole_texts = true,
                                         .spells_words = true,
                                         .method_of_many = HEED_METHOD_GRADIENT,
                                         .read = sum_tensors_read,
                                         .list = sum_tensors_list,
                                         .list_bytes = sum_tensors_list_bytes,
                                         .free = model_sum_free,
                                         .parameters = parameters,
                                         .architecture = logistic_architecture,
                                         .randomise = randomise,
                                         .scratch_new = sum_scratch_new,
                                         .scratch_free = sum_scratch_free,
                                         .score = sum_scratch_score,
                                         .logits = sum_scratch_logits,
                                         .set_storage = sum_scratch_set_storage,
                                         .set_weights = sum_scratch_set_weights,
                                         .best_weights = best_weights,
                                         .default_method = default_method,
                                         .check_method = check_method,
                                         .print = print,
                                         .json_key = "parts",
                                         .json = json,
                                         .draw = draw};
