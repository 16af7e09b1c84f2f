#include "linear/strongest.h"

#include "base/escape.h"

enum { STRONGEST = 10, SHOWN_LABELS = 50, LINE = 110 };

const char *logistic_link_text(const logistic *l)
{
    return l->softmax ? "softmax" : l->outputs > 1 ? "a sigmoid for each label" : "sigmoid";
}

/* A feature and its weight towards a label. */
typedef struct feature_weight {
    size_t feature;
    float weight;
} feature_weight;

/* With two labels there is one output: a weight for the positive label is a weight against the other. */
static float weight_towards(const strongest_features *s, size_t feature, size_t label)
{
    const logistic *l = s->fit;
    float scale = s->scale == NULL ? 1 : s->scale[feature];
    if (l->outputs > 1)
        return scale * l->weights[feature * l->outputs + label];
    return scale * (label == s->positive ? l->weights[feature] : -l->weights[feature]);
}

/* The features of the largest weights above 0, largest first, equal ones by number; returns how many. */
static size_t strongest(feature_weight out[STRONGEST], const strongest_features *s, size_t label)
{
    size_t count = 0;
    for (size_t f = 0; f < s->fit->features; f++) {
        float weight = weight_towards(s, f, label);
        if (!(weight > 0) || (count == STRONGEST && weight <= out[STRONGEST - 1].weight))
            continue;
        size_t place = count < STRONGEST ? count++ : STRONGEST - 1;
        for (; place > 0 && out[place - 1].weight < weight; place--)
            out[place] = out[place - 1];
        out[place] = (feature_weight){f, weight};
    }
    return count;
}

static void print_strongest(writer *out, const strongest_features *s, size_t label)
{
    feature_weight found[STRONGEST];
    size_t count = strongest(found, s, label);
    writer_text(out, "  ");
    escape_terminal_line(out, bytes_of(s->labels[label]));
    writer_text(out, "\n   ");
    size_t begin = out->size;
    for (size_t i = 0; i < count; i++) {
        if (out->size - begin > LINE - 20) {
            writer_text(out, "\n   ");
            begin = out->size;
        }
        writer_byte(out, ' ');
        s->name(out, s->context, found[i].feature);
        writer_print(out, " %.2f%s", (double)found[i].weight, i + 1 < count ? "," : "");
    }
    writer_byte(out, '\n');
}

void strongest_print(writer *out, const strongest_features *s)
{
    writer_text(out, "\nStrongest features\n");
    for (size_t i = 0; i < s->label_count && i < SHOWN_LABELS; i++)
        print_strongest(out, s, i);
    if (s->label_count > SHOWN_LABELS)
        writer_print(out, "  ... and %zu more labels\n", s->label_count - SHOWN_LABELS);
}

static json_t *feature_json(const strongest_features *s, const feature_weight *f)
{
    writer name = {0};
    s->name(&name, s->context, f->feature);
    json_t *object = writer_check(&name, NULL) != HEED_OK
                         ? NULL
                         : json_pack("{s:s%, s:f}", "feature", name.data, name.size, "weight", (double)f->weight);
    writer_release(&name);
    return object;
}

static json_t *label_json(const strongest_features *s, size_t label)
{
    feature_weight found[STRONGEST];
    size_t count = strongest(found, s, label);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, feature_json(s, &found[i]));
    return list;
}

json_t *strongest_json(const strongest_features *s)
{
    json_t *labels = json_object();
    for (size_t i = 0; i < s->label_count; i++)
        json_object_set_new(labels, s->labels[i], label_json(s, i));
    return labels;
}
