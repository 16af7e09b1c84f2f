#include "wide/wide_summary.h"

#include "linear/strongest.h"

/* The words of an n-gram with a space between, or its letters in quotes, as they begin or end with the word's blanks.
 */
static void print_feature(writer *out, const void *context, size_t feature)
{
    const wide_description *d = context;
    const wide_features *f = &d->model->features;
    uint32_t first = wide_features_words(f), words[MOST_WORDS];
    uint32_t count = feature < first ? word_grams_words(&f->words, (uint32_t)feature, words) : 0;
    for (uint32_t i = 0; i < count; i++) {
        heed_bytes word = intern_word(d->words, words[i]);
        if (i > 0)
            writer_byte(out, ' ');
        writer_bytes(out, word.data, word.size);
    }
    if (count > 0)
        return;
    heed_bytes letters = intern_word(&f->letters.grams, (uint32_t)(feature - first));
    writer_byte(out, '\'');
    writer_bytes(out, letters.data, letters.size);
    writer_byte(out, '\'');
}

static strongest_features features_of(const wide_description *d)
{
    return (strongest_features){.fit = &d->model->fit,
                                .scale = d->model->scale,
                                .labels = d->labels,
                                .label_count = d->label_count,
                                .positive = d->positive,
                                .name = print_feature,
                                .context = d};
}

void wide_features_print(writer *out, const wide_spec *s)
{
    writer_text(out, "n-grams of");
    if (s->words.most > 0)
        writer_print(out, " %u-%u words", s->words.least, s->words.most);
    if (s->words.most > 0 && s->letters.most > 0)
        writer_text(out, " and");
    if (s->letters.most > 0)
        writer_print(out, " %u-%u letters", s->letters.least, s->letters.most);
    writer_text(out, s->weight == WIDE_RATIO ? ", weighted by naive Bayes ratio" : ", weighted by idf");
}

void wide_summary_print(writer *out, const wide_description *d)
{
    const wide *w = d->model;
    const logistic *l = &w->fit;
    const strongest_features strongest = features_of(d);
    writer_text(out, "logistic regression on ");
    wide_features_print(out, &w->spec);
    writer_print(out,
                 ", %s, C = %g\n"
                 "  features       %zu: %u of words, %u of letters; in at least %u training row%s\n"
                 "  parameters     %zu: %u output%s\n",
                 logistic_link_text(l), l->strength, l->features, wide_features_words(&w->features),
                 w->features.letters.grams.count, w->spec.min_count, w->spec.min_count == 1 ? "" : "s",
                 logistic_parameters(l), l->outputs, l->outputs == 1 ? "" : "s");
    strongest_print(out, &strongest);
}

static json_t *range_json(gram_range range)
{
    return range.most == 0 ? json_null() : json_pack("[I, I]", (json_int_t)range.least, (json_int_t)range.most);
}

json_t *wide_summary_json(const wide_description *d)
{
    const wide *w = d->model;
    const strongest_features strongest = features_of(d);
    return json_pack("{s:o, s:o, s:I, s:s, s:I, s:I, s:i, s:f, s:o}", "words", range_json(w->spec.words), "letters",
                     range_json(w->spec.letters), "min_count", (json_int_t)w->spec.min_count, "weight",
                     wide_weight_name(w->spec.weight), "word_ngrams", (json_int_t)wide_features_words(&w->features),
                     "letter_ngrams", (json_int_t)w->features.letters.grams.count, "outputs", (int)w->fit.outputs,
                     "strength", w->fit.strength, "strongest", strongest_json(&strongest));
}
