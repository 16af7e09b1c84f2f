#include "linear/linear_summary.h"

#include "base/escape.h"

enum { STRONGEST = 10, SHOWN_LABELS = 50, LINE = 110 };

/* A feature and its weight towards a label. */
typedef struct feature_weight {
    size_t feature;
    float weight;
} feature_weight;

/* With two labels there is one output: a weight for the positive label is a weight against the other. */
static float weight_towards(const linear_description *d, size_t feature, size_t label)
{
    const linear *l = d->model;
    if (l->outputs > 1)
        return l->weights[feature * l->outputs + label];
    return label == d->positive ? l->weights[feature] : -l->weights[feature];
}

/* The features of the largest weights above 0, largest first, equal ones by number; returns how many. */
static size_t strongest(feature_weight out[STRONGEST], const linear_description *d, size_t label)
{
    size_t count = 0;
    for (size_t f = 0; f < ngrams_count(&d->model->features); f++) {
        float weight = weight_towards(d, f, label);
        if (!(weight > 0) || (count == STRONGEST && weight <= out[STRONGEST - 1].weight))
            continue;
        size_t place = count < STRONGEST ? count++ : STRONGEST - 1;
        for (; place > 0 && out[place - 1].weight < weight; place--)
            out[place] = out[place - 1];
        out[place] = (feature_weight){f, weight};
    }
    return count;
}

static void print_word(writer *out, const linear_description *d, uint32_t number)
{
    heed_bytes word = intern_word(d->words, number);
    writer_bytes(out, word.data, word.size);
}

/* A word, or the two words of a bigram separated by a space. */
static void print_feature(writer *out, const linear_description *d, size_t feature)
{
    const ngrams *n = &d->model->features;
    if (feature < n->words) {
        print_word(out, d, (uint32_t)feature);
        return;
    }
    uint32_t bigram = (uint32_t)(feature - n->words);
    print_word(out, d, ngrams_first(n, bigram));
    writer_byte(out, ' ');
    print_word(out, d, n->second[bigram]);
}

static void print_strongest(writer *out, const linear_description *d, size_t label)
{
    feature_weight found[STRONGEST];
    size_t count = strongest(found, d, label);
    writer_text(out, "  ");
    escape_terminal_line(out, bytes_of(d->labels[label]));
    writer_text(out, "\n   ");
    size_t begin = out->size;
    for (size_t i = 0; i < count; i++) {
        if (out->size - begin > LINE - 20) {
            writer_text(out, "\n   ");
            begin = out->size;
        }
        writer_byte(out, ' ');
        print_feature(out, d, found[i].feature);
        writer_print(out, " %.2f%s", (double)found[i].weight, i + 1 < count ? "," : "");
    }
    writer_byte(out, '\n');
}

void linear_summary_print(writer *out, const linear_description *d)
{
    const linear *l = d->model;
    const ngrams *n = &l->features;
    writer_print(out,
                 "logistic regression on TF-IDF of words and bigrams, %s, C = %g\n"
                 "  features       %zu: %u words, %u bigrams\n"
                 "  parameters     %zu: %u output%s\n"
                 "\nStrongest features\n",
                 l->softmax       ? "softmax"
                 : l->outputs > 1 ? "a sigmoid for each label"
                                  : "sigmoid",
                 l->strength, ngrams_count(n), n->words, n->bigrams, linear_parameters(l), l->outputs,
                 l->outputs == 1 ? "" : "s");
    for (size_t i = 0; i < d->label_count && i < SHOWN_LABELS; i++)
        print_strongest(out, d, i);
    if (d->label_count > SHOWN_LABELS)
        writer_print(out, "  ... and %zu more labels\n", d->label_count - SHOWN_LABELS);
}

static json_t *feature_json(const linear_description *d, const feature_weight *f)
{
    writer name = {0};
    print_feature(&name, d, f->feature);
    json_t *object = writer_check(&name, NULL) != HEED_OK
                         ? NULL
                         : json_pack("{s:s%, s:f}", "feature", name.data, name.size, "weight", (double)f->weight);
    writer_release(&name);
    return object;
}

static json_t *strongest_json(const linear_description *d, size_t label)
{
    feature_weight found[STRONGEST];
    size_t count = strongest(found, d, label);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, feature_json(d, &found[i]));
    return list;
}

json_t *linear_summary_json(const linear_description *d)
{
    const linear *l = d->model;
    json_t *labels = json_object();
    for (size_t i = 0; i < d->label_count; i++)
        json_object_set_new(labels, d->labels[i], strongest_json(d, i));
    return json_pack("{s:I, s:I, s:i, s:f, s:o}", "words", (json_int_t)l->features.words, "bigrams",
                     (json_int_t)l->features.bigrams, "outputs", (int)l->outputs, "strength", l->strength, "strongest",
                     labels);
}
