#include "linear/linear_summary.h"

#include "linear/strongest.h"

static void print_word(writer *out, const linear_description *d, uint32_t number)
{
    heed_bytes word = intern_word(d->words, number);
    writer_bytes(out, word.data, word.size);
}

/* A word, or the two words of a bigram separated by a space. */
static void print_feature(writer *out, const void *context, size_t feature)
{
    const linear_description *d = context;
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

static strongest_features features_of(const linear_description *d)
{
    return (strongest_features){.fit = &d->model->fit,
                                .labels = d->labels,
                                .label_count = d->label_count,
                                .positive = d->positive,
                                .name = print_feature,
                                .context = d};
}

void linear_summary_print(writer *out, const linear_description *d)
{
    const logistic *l = &d->model->fit;
    const ngrams *n = &d->model->features;
    const strongest_features strongest = features_of(d);
    writer_print(out,
                 "logistic regression on TF-IDF of words and bigrams, %s, C = %g\n"
                 "  features       %zu: %u words, %u bigrams\n"
                 "  parameters     %zu: %u output%s\n",
                 logistic_link_text(l), l->strength, ngrams_count(n), n->words, n->bigrams, logistic_parameters(l),
                 l->outputs, l->outputs == 1 ? "" : "s");
    strongest_print(out, &strongest);
}

json_t *linear_summary_json(const linear_description *d)
{
    const linear *l = d->model;
    const strongest_features strongest = features_of(d);
    return json_pack("{s:I, s:I, s:i, s:f, s:o}", "words", (json_int_t)l->features.words, "bigrams",
                     (json_int_t)l->features.bigrams, "outputs", (int)l->fit.outputs, "strength", l->fit.strength,
                     "strongest", strongest_json(&strongest));
}
