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

/* The columns of a parameter of the model's output: source [rows][outputs]. */
typedef struct known_columns {
    const real *source;
    uint32_t outputs, positive;
    int rows;
} known_columns;

static real known_weight(const known_columns *k, int row, int label)
{
    return label_weight(k->source + (ptrdiff_t)row * k->outputs, k->outputs, k->positive, (uint32_t)label);
}

/* to [rows]: the only output, which is for both labels. Returns how many labels were copied. */
static uint32_t copy_sigmoid(real *to, const labelling *labels, const known_columns *k, const heed_model *from)
{
    int positive = label_place(from, labels->names[labels->positive]);
    int negative = label_place(from, labels->names[1 - labels->positive]);
    if (positive == NOT_KNOWN || negative == NOT_KNOWN)
        return 0;
    for (int r = 0; r < k->rows; r++)
        to[r] = known_weight(k, r, positive) - known_weight(k, r, negative);
    return 2;
}

/* to [rows][labels]. Returns how many labels were copied. */
static uint32_t copy_columns(real *to, const labelling *labels, const known_columns *k, const heed_model *from)
{
    uint32_t taken = 0;
    for (uint32_t i = 0; i < labels->count; i++) {
        int known = label_place(from, labels->names[i]);
        for (int r = 0; r < k->rows && known != NOT_KNOWN; r++)
            to[(size_t)r * labels->count + i] = known_weight(k, r, known);
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

/* Whether the rows that both have are copied even if one has more of them. */
static bool grows(const network *net, const parameter *p)
{
    return class_of(net, p) == &embedding_layer || class_of(net, p) == &position_layer;
}

/* Whether both outputs read the same features and their logits mean the same: with several labels per row each is by
 * itself, with one label per row they compete. */
static bool heads_agree(const network *net, const network *from)
{
    bool several = net->spec.task == HEED_TASK_MULTILABEL;
    return find_parameter(net, "output.kernel")->rows == find_parameter(from, "output.kernel")->rows &&
           several == (from->spec.task == HEED_TASK_MULTILABEL);
}

static uint32_t copy_output(const warm_start *s, const parameter *p, const heed_model *from)
{
    const trained_network *known = model_network(from);
    const known_columns columns = {.source = known->weights + find_parameter(known->net, p->name)->offset,
                                   .outputs = known->net->spec.outputs,
                                   .positive = from->config.labels.positive,
                                   .rows = p->rows};
    real *to = s->weights + p->offset;
    return s->net->spec.outputs == 1 ? copy_sigmoid(to, &s->labels, &columns, from)
                                     : copy_columns(to, &s->labels, &columns, from);
}

static bool copy_parameter(const warm_start *s, const parameter *p, const trained_network *known)
{
    const parameter *q = find_parameter(known->net, p->name);
    if (q == NULL || q->columns != p->columns || (q->rows != p->rows && !grows(s->net, p)))
        return false;
    size_t rows = (size_t)(q->rows < p->rows ? q->rows : p->rows);
    memcpy(s->weights + p->offset, known->weights + q->offset, rows * (size_t)p->columns * sizeof *s->weights);
    return true;
}

/* What was copied: so many of the tensors before the output, whether the embedding is one of them, and labels. */
typedef struct takeover {
    int taken, tensors;
    bool embedded;
    uint32_t labels;
} takeover;

static takeover take_over(const warm_start *s, const heed_model *from)
{
    const trained_network *known = model_network(from);
    bool same_head = heads_agree(s->net, known->net);
    takeover t = {0};
    for (int i = 0; i < s->net->parameter_count; i++) {
        const parameter *p = &s->net->parameters[i];
        if (class_of(s->net, p) == &output_layer) {
            t.labels = same_head ? copy_output(s, p, from) : 0;
            continue;
        }
        bool copied = copy_parameter(s, p, known);
        t.taken += copied;
        t.tensors++;
        t.embedded = t.embedded || (copied && class_of(s->net, p) == &embedding_layer);
    }
    return t;
}

heed_status warm_start_weights(char note[WARM_START_NOTE], const warm_start *start, const heed_model *from,
                               heed_error *error)
{
    if (model_network(from) == NULL)
        return fail(error, HEED_USAGE, "--init-from: the model is %s, from which a network cannot start",
                    from->class->name);
    takeover t = take_over(start, from);
    if (!t.embedded || (t.tensors > 1 && t.taken < 2))
        return fail(error, HEED_USAGE,
                    "--init-from: the model is '%.200s', from which no weights %sfit '%.200s'; use its architecture or "
                    "one that begins the same",
                    from->class->architecture(from), t.embedded ? "except the embedding " : "",
                    start->net->architecture);
    snprintf(note, WARM_START_NOTE, "taken from the model: %d of %d tensors, %u of %u words, %u of %u labels", t.taken,
             t.tensors, from->words.words.count, start->words->words.count, t.labels, start->labels.count);
    return HEED_OK;
}
