#include "train/warm_start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/network_classifier.h"
#include "network/layers.h"

/* ---- words */

heed_status warm_start_words(vocabulary *out, const vocabulary *known, const vocabulary *fresh, uint32_t max_words,
                             heed_error *error)
{
    *out = (vocabulary){0};
    if (known->kind != fresh->kind)
        return fail(error, HEED_USAGE,
                    "--init-from: the model has another kind of vocabulary; make the corpus like it");
    uint32_t count = known->words.count, room = max_words > known->size ? max_words - known->size : 0;
    heed_bytes *words = memory_array((size_t)count + fresh->words.count, sizeof *words);
    if (words == NULL)
        return fail_memory(error, "a vocabulary");
    for (uint32_t i = 0; i < count; i++)
        words[i] = intern_word(&known->words, i);
    for (uint32_t i = 0; i < fresh->words.count && (max_words == 0 || room > 0); i++) {
        heed_bytes word = intern_word(&fresh->words, i);
        if (intern_find(&known->words, word) != INTERN_NONE)
            continue;
        words[count++] = word;
        room -= max_words > 0;
    }
    heed_status status = vocabulary_from_words(out, known->kind, words, count, error);
    free(words);
    return status;
}

/* ---- the output layer, column by column */

enum { NOT_KNOWN = -1 };

static int label_place(const heed_model *from, const char *name)
{
    for (uint32_t i = 0; i < from->config.labels.count; i++)
        if (strcmp(from->labels[i], name) == 0)
            return (int)i;
    return NOT_KNOWN;
}

/* The weight of a label in a row of an output's kernel or bias. A sigmoid of z is a softmax of z / 2 and -z / 2. */
static real label_weight(const real *row, uint32_t outputs, uint32_t positive, uint32_t label)
{
    return outputs > 1 ? row[label] : label == positive ? row[0] / 2 : -row[0] / 2;
}

/* to [rows][outputs of net], source [rows][outputs of from]. Returns how many labels were taken over. */
static uint32_t copy_output(real *to, const network *net, const labelling *labels, const real *source,
                            const heed_model *from, int rows)
{
    uint32_t outputs = net->spec.outputs, others = model_network(from)->net->spec.outputs, taken = 0;
    uint32_t positive = from->config.labels.positive;
    int place[2];
    if (outputs == 1) {
        for (uint32_t i = 0; i < 2; i++)
            place[i] = label_place(from, labels->names[i == 0 ? 1 - labels->positive : labels->positive]);
        if (place[0] == NOT_KNOWN || place[1] == NOT_KNOWN)
            return 0;
        for (int r = 0; r < rows; r++)
            to[r] = label_weight(source + (ptrdiff_t)r * others, others, positive, (uint32_t)place[1]) -
                    label_weight(source + (ptrdiff_t)r * others, others, positive, (uint32_t)place[0]);
        return 2;
    }
    for (uint32_t i = 0; i < labels->count; i++) {
        int known = label_place(from, labels->names[i]);
        for (int r = 0; r < rows && known != NOT_KNOWN; r++)
            to[(size_t)r * outputs + i] =
                label_weight(source + (ptrdiff_t)r * others, others, positive, (uint32_t)known);
        taken += known != NOT_KNOWN;
    }
    return taken;
}

/* ---- all parameters */

static const parameter *find_parameter(const network *net, const char *name)
{
    for (int i = 0; i < net->parameter_count; i++)
        if (strcmp(net->parameters[i].name, name) == 0)
            return &net->parameters[i];
    return NULL;
}

static const layer_class *class_of(const network *net, const parameter *p)
{
    return net->layers[p->layer].class;
}

/* Whether the rows that both have are worth taking although one has more of them. */
static bool grows(const network *net, const parameter *p)
{
    return class_of(net, p) == &embedding_layer || class_of(net, p) == &position_layer;
}

/* Whether both outputs read the same features, and mean the same by a logit: of several labels a row each stands for
 * itself, of one label a row for what it has over the others. */
static bool heads_agree(const network *net, const heed_model *from)
{
    bool several = net->spec.task == HEED_TASK_MULTILABEL;
    return find_parameter(net, "output.kernel")->rows == find_parameter(model_network(from)->net, "output.kernel")->rows &&
           several == (from->config.labels.task == HEED_TASK_MULTILABEL);
}

static bool copy_parameter(real *weights, const network *net, const parameter *p, const heed_model *from)
{
    const parameter *q = find_parameter(model_network(from)->net, p->name);
    if (q == NULL || q->columns != p->columns || (q->rows != p->rows && !grows(net, p)))
        return false;
    size_t rows = (size_t)(q->rows < p->rows ? q->rows : p->rows);
    memcpy(weights + p->offset, model_network(from)->weights + q->offset, rows * (size_t)p->columns * sizeof *weights);
    return true;
}

heed_status warm_start_weights(char *note, size_t note_size, real *weights, const network *net, const vocabulary *words,
                               const labelling *labels, const heed_model *from, heed_error *error)
{
    int taken = 0, layers = 0, embedded = 0;
    uint32_t known = 0;
    if (model_network(from) == NULL)
        return fail(error, HEED_USAGE, "--init-from: the model is linear, of which a network can take nothing");
    bool same_head = heads_agree(net, from);
    for (int i = 0; i < net->parameter_count; i++) {
        const parameter *p = &net->parameters[i];
        bool output = class_of(net, p) == &output_layer;
        if (output && same_head) {
            const real *source = model_network(from)->weights + find_parameter(model_network(from)->net, p->name)->offset;
            known = copy_output(weights + p->offset, net, labels, source, from, p->rows);
        } else if (!output) {
            bool copied = copy_parameter(weights, net, p, from);
            taken += copied;
            layers++;
            embedded += copied && class_of(net, p) == &embedding_layer;
        }
    }
    if (embedded == 0 || (layers > 1 && taken < 2))
        return fail(error, HEED_USAGE,
                    "--init-from: the model is '%.200s', of which nothing %s fits '%.200s'; take its architecture or "
                    "one that begins alike",
                    model_network(from)->net->architecture, embedded == 0 ? "" : "but the embedding", net->architecture);
    snprintf(note, note_size, "starts from the model: %d of %d tensors, %u of %u words, %u of %u labels", taken, layers,
             from->words.words.count, words->words.count, known, labels->count);
    return HEED_OK;
}
