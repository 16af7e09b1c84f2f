#include "model/linear_summary.h"

#include "base/status.h"

enum { STRONGEST = 10, SHOWN_LABELS = 50, LINE = 110 };

/* A feature and its weight towards a label. */
typedef struct pull {
    size_t feature;
    float weight;
} pull;

/* Of a sigmoid that stands for two labels, the other label is pulled the other way. */
static float weight_towards(const heed_model *m, size_t feature, size_t label)
{
    const linear *l = m->linear;
    if (l->outputs > 1)
        return l->weights[feature * l->outputs + label];
    return label == m->config.labels.positive ? l->weights[feature] : -l->weights[feature];
}

/* The features of the largest weights above 0, largest first, equal ones by number; returns how many. */
static size_t strongest(pull out[STRONGEST], const heed_model *m, size_t label)
{
    size_t count = 0;
    for (size_t f = 0; f < ngrams_count(&m->linear->features); f++) {
        float weight = weight_towards(m, f, label);
        if (!(weight > 0) || (count == STRONGEST && weight <= out[STRONGEST - 1].weight))
            continue;
        size_t place = count < STRONGEST ? count++ : STRONGEST - 1;
        for (; place > 0 && out[place - 1].weight < weight; place--)
            out[place] = out[place - 1];
        out[place] = (pull){f, weight};
    }
    return count;
}

static heed_status print_feature(buffer *out, const heed_model *m, size_t feature, heed_error *error)
{
    const ngrams *n = &m->linear->features;
    bool pair = feature >= n->words;
    uint32_t bigram = pair ? (uint32_t)(feature - n->words) : 0;
    heed_bytes word = intern_word(&m->words.words, pair ? ngrams_first(n, bigram) : (uint32_t)feature);
    heed_status status = buffer_append(out, word.data, word.size, error);
    if (!pair || status != HEED_OK)
        return status;
    word = intern_word(&m->words.words, n->second[bigram]);
    status = buffer_byte(out, ' ', error);
    return status == HEED_OK ? buffer_append(out, word.data, word.size, error) : status;
}

static heed_status print_strongest(buffer *out, const heed_model *m, size_t label, heed_error *error)
{
    pull pulls[STRONGEST];
    size_t count = strongest(pulls, m, label), begin;
    heed_status status = buffer_print(out, error, "  %s\n   ", m->labels[label]);
    begin = out->size;
    for (size_t i = 0; i < count && status == HEED_OK; i++) {
        if (out->size - begin > LINE - 20) {
            status = buffer_print(out, error, "\n   ");
            begin = out->size;
        }
        if (status == HEED_OK)
            status = buffer_byte(out, ' ', error);
        if (status == HEED_OK)
            status = print_feature(out, m, pulls[i].feature, error);
        if (status == HEED_OK)
            status = buffer_print(out, error, " %.2f%s", (double)pulls[i].weight, i + 1 < count ? "," : "");
    }
    return status == HEED_OK ? buffer_byte(out, '\n', error) : status;
}

heed_status linear_summary_print(buffer *out, const heed_model *m, heed_error *error)
{
    const ngrams *n = &m->linear->features;
    heed_status status =
        buffer_print(out, error,
                     "logistic regression on TF-IDF of words and bigrams, %s, C = %g\n"
                     "  features       %zu: %u words, %u bigrams\n"
                     "  parameters     %zu: %u output%s\n"
                     "\nStrongest features\n",
                     m->linear->softmax       ? "softmax"
                     : m->linear->outputs > 1 ? "a sigmoid for each label"
                                              : "sigmoid",
                     m->linear->strength, ngrams_count(n), n->words, n->bigrams, linear_parameters(m->linear),
                     m->linear->outputs, m->linear->outputs == 1 ? "" : "s");
    size_t labels = m->config.labels.count;
    for (size_t i = 0; i < labels && i < SHOWN_LABELS && status == HEED_OK; i++)
        status = print_strongest(out, m, i, error);
    if (status == HEED_OK && labels > SHOWN_LABELS)
        status = buffer_print(out, error, "  ... and %zu labels more\n", labels - SHOWN_LABELS);
    return status;
}

static json_t *strongest_json(const heed_model *m, size_t label)
{
    pull pulls[STRONGEST];
    size_t count = strongest(pulls, m, label);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        buffer text = {0};
        if (print_feature(&text, m, pulls[i].feature, NULL) == HEED_OK)
            json_array_append_new(
                list, json_pack("{s:s%, s:f}", "feature", text.data, text.size, "weight", (double)pulls[i].weight));
        buffer_release(&text);
    }
    return list;
}

json_t *linear_summary_json(const heed_model *m)
{
    const ngrams *n = &m->linear->features;
    json_t *labels = json_object();
    for (size_t i = 0; i < m->config.labels.count; i++)
        json_object_set_new(labels, m->labels[i], strongest_json(m, i));
    return json_pack("{s:I, s:I, s:i, s:f, s:o}", "words", (json_int_t)n->words, "bigrams", (json_int_t)n->bigrams,
                     "outputs", (int)m->linear->outputs, "strength", m->linear->strength, "strongest", labels);
}
