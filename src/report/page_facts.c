#include "report/page_facts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "model/layer_graph.h"
#include "model/part_table.h"
#include "model/sum_classifier.h"
#include "options/option_structs.h"
#include "report/page_parts.h"

/* ---- model */

void page_model(writer *w, const heed_report *r)
{
    const heed_model *m = r->model;
    const label_config *l = &m->config.labels;
    page_begin(w, "model", "Model");
    page_facts_begin(w);
    if (r->model_name[0] != '\0') {
        page_fact_begin(w, "file");
        page_outside(w, r->model_name);
        page_fact_end(w);
        page_fact(w, "digest", "%s (XXH3-128 of the file)", r->digest);
    }
    page_fact_begin(w, "architecture");
    writer_text(w, "<code>");
    const char *architecture = m->class->architecture(m);
    escape_markup(w, bytes_of(architecture));
    writer_text(w, "</code>");
    page_fact_end(w);
    page_fact_begin(w, "parameters");
    page_count(w, m->class->parameters(m));
    page_fact_end(w);
    page_fact_begin(w, "predicts");
    writer_print(
        w, l->task == HEED_TASK_MULTILABEL ? "any number of %" PRIu32 " labels per row" : "one of %" PRIu32 " labels",
        l->count);
    page_fact_end(w);
    if (l->task == HEED_TASK_BINARY) {
        page_fact_begin(w, "positive label");
        page_label(w, r, l->positive);
        writer_print(w, ", predicted above %g", *r->evaluation->thresholds);
        page_fact_end(w);
    }
    page_fact_text(w, "heed", heed_version());
    page_facts_end(w);
    page_end(w);
}

/* ---- data */

static void write_share(writer *w, uint64_t part, uint64_t whole)
{
    page_count(w, part);
    if (whole > 0)
        writer_print(w, " <small>%.1f%%</small>", 100 * (double)part / (double)whole);
}

static void write_training_rows(writer *w, const training_record *t, const seen_record *seen)
{
    writer_text(w, "<h3>Trained on</h3>\n<p class=\"note\">From the model file.</p>\n");
    page_facts_begin(w);
    page_fact_begin(w, "rows");
    page_count(w, t->rows);
    writer_text(w, ": ");
    page_count(w, t->rows_train);
    writer_text(w, " to train, ");
    if (record_has_cross_fit(t)) {
        writer_text(w, "held out in turn");
    } else {
        page_count(w, t->rows_validation);
        writer_text(w, " to validate");
    }
    page_fact_end(w);
    page_fact_text(w, "validation split", t->validation != NULL ? t->validation : "none");
    page_fact(w, "tokens", "%.1f per training row", t->mean_tokens);
    page_fact_begin(w, "distinct words");
    page_count(w, t->distinct_words);
    page_fact_end(w);
    page_fact_begin(w, "digest");
    escape_markup(w, bytes_of(t->data_digest != NULL ? t->data_digest : "none"));
    writer_text(w, " (of texts and labels)");
    page_fact_end(w);
    if (seen->leaked > 0) {
        page_fact_begin(w, "leaked rows");
        page_count(w, seen->leaked);
        writer_text(w, " that validated have the text of a training row");
        page_fact_end(w);
    }
    page_facts_end(w);
}

static void write_test_rows(writer *w, const heed_report *r)
{
    writer_text(w, "<h3>Measured on</h3>\n");
    page_facts_begin(w);
    page_fact_begin(w, "rows");
    page_count(w, r->rows);
    page_fact_end(w);
    page_fact(w, "tokens", "%.1f per row", (double)r->tokens / (double)r->rows);
    page_fact_begin(w, "words not in the vocabulary");
    write_share(w, r->unknown, r->tokens);
    page_fact_end(w);
    if (r->model->config.network.window > 0) {
        page_fact_begin(w, "texts longer than the maximum length");
        write_share(w, r->cut_rows, r->rows);
        page_fact_end(w);
    }
    page_facts_end(w);
}

void page_data(writer *w, const heed_report *r)
{
    page_begin(w, "data", "Data");
    writer_text(w, "<div class=\"pair\"><div>\n");
    write_test_rows(w, r);
    writer_text(w, "</div><div>\n");
    write_training_rows(w, &r->model->config.training, &r->model->config.seen);
    writer_text(w, "</div></div>\n<div class=\"pictures\">\n");
    page_picture(w, r, PICTURE_LABELS);
    page_picture(w, r, PICTURE_LENGTHS);
    writer_text(w, "</div>\n");
    page_end(w);
}

/* ---- text pipeline */

static void write_stage(writer *w, const char *words)
{
    if (words != NULL)
        writer_print(w, "<li>%s</li>\n", words);
}

/* Options for which the page has no sentence. */
static void write_others(writer *w, heed_options_kind home, const void *options,
                         void (*put)(writer *w, const char *name, const char *value))
{
    char value[200];
    for (const option *o = NULL; (o = options_next_set(home, options, o)) != NULL;) {
        option_print(value, sizeof value, o, options);
        put(w, o->name, value);
    }
}

static void write_stage_option(writer *w, const char *name, const char *value)
{
    writer_print(w, "<li>%s: ", name);
    page_outside(w, value);
    writer_text(w, "</li>\n");
}

static void write_window(writer *w, const heed_model *m)
{
    static const char *const cuts[] = {"the last", "the first", "the first quarter and the end, in total"};
    const heed_text_options *t = &m->config.text;
    if (model_reads_whole_texts(m))
        writer_print(w, "<li>The whole text is read%s.</li>\n",
                     m->class->spells_words ? "" : ": each word and each pair of adjacent words is a feature");
    if (m->config.network.window == 0 || m->class->reads_subwords)
        return;
    writer_print(w, "<li>%s are cut to %s %" PRIu32 " tokens; shorter texts are padded %s, and padding is %s.</li>\n",
                 m->class->has_parts ? "For networks they" : "Texts", cuts[t->cut], m->config.network.window,
                 t->pad == HEED_PAD_PRE ? "at the beginning" : "at the end",
                 m->config.network.mask ? "ignored" : "read like a word");
}

static void write_words(writer *w, const heed_model *m)
{
    static const char *const unknown[] = {"other words are read as &lt;unk&gt;", "other words are dropped"};
    if (m->class->reads_subwords)
        return;
    writer_text(w, "<li>The vocabulary has ");
    page_count(w, m->words.words.count);
    writer_print(w, " words; %s.</li>\n", unknown[m->config.text.vocabulary]);
}

/* What it reads is not changed by the stages after HTML. */
static void write_encoder(writer *w, const heed_model *m)
{
    if (m->encoder == NULL)
        return;
    writer_text(w, "<li>The pretrained encoder ");
    escape_markup(w, bytes_of(m->encoder->name));
    writer_text(w, " reads the text itself, without HTML, as sub-words, of which its tokenizer has ");
    page_count(w, tokenizer_size(m->encoder->words));
    writer_print(w, "; at a time at most %" PRIu32 " of them.</li>\n",
                 shared_encoder_room(m->encoder, m->config.network.window));
}

void page_text(writer *w, const heed_report *r)
{
    static const char *const html[] = {NULL,
                                       "HTML tags and comments are replaced by a space, entities by their character."};
    static const char *const punctuation[] = {
        NULL, "The first 32 punctuation characters of a text are removed, as in the tutorial.",
        "All punctuation is removed."};
    static const char *const letters[] = {NULL, "Letters are changed to lower case."};
    static const char *const tokens[] = {"The text is one token.", "The text is split at spaces.",
                                         "Tokens are words and single other visible characters.",
                                         "Tokens are sub-words, as the model's own tokenizer finds them; it also "
                                         "decides case and punctuation."};
    static const char *const lemmas[] = {
        NULL, "English words are reduced to their base form as nouns (WordNet).",
        "English words are reduced to their base form as nouns, then as verbs (WordNet)."};
    const heed_text_options *t = &r->model->config.text;
    page_begin(w, "text", "From text to numbers");
    writer_text(w, "<p>Stored in the model, so that every text is read like the training texts.</p>\n<ol>\n");
    write_stage(w, html[t->html]);
    write_stage(w, punctuation[t->punctuation]);
    write_stage(w, letters[t->letters]);
    write_stage(w, tokens[t->tokens]);
    write_stage(w, lemmas[t->lemmas]);
    if (t->stop_words != NULL)
        write_stage(w, strcmp(t->stop_words, "english") == 0 ? "NLTK's 179 English stop words are dropped."
                                                             : "The stop words of a list are dropped.");
    write_words(w, r->model);
    write_window(w, r->model);
    write_encoder(w, r->model);
    write_others(w, HEED_OPTIONS_TEXT, t, write_stage_option);
    writer_text(w, "</ol>\n");
    page_end(w);
}

/* ---- layers */

static void write_sources(writer *w, const layer_graph *g, size_t node)
{
    bool some = false;
    for (size_t i = 0; i < g->edge_count; i++)
        if (g->edges[i].to == node) {
            writer_text(w, some ? ", " : "");
            escape_markup(w, bytes_of(g->nodes[g->edges[i].from].name));
            some = true;
        }
}

static void write_layer(writer *w, const layer_graph *g, size_t number)
{
    const graph_node *node = &g->nodes[number];
    writer_text(w, "<tr><th scope=\"row\">");
    escape_markup(w, bytes_of(node->name));
    writer_print(w, "</th><td class=\"name\">%s</td><td class=\"name\">%s%s%s</td><td>", node->type, node->output,
                 node->further[0] != '\0' ? "<br>+ " : "", node->further);
    page_count(w, node->parameters);
    writer_text(w, "</td><td class=\"name\">");
    write_sources(w, g, number);
    writer_text(w, "</td></tr>\n");
}

void page_layers(writer *w, const heed_report *r)
{
    layer_graph g;
    if (layer_graph_init(&g, r->model, NULL) != HEED_OK)
        writer_fail(w, ENOMEM);
    page_begin(w, "layers", "Layers");
    writer_text(w, "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">layer</th>"
                   "<th scope=\"col\" class=\"name\">kind</th><th scope=\"col\" class=\"name\">output</th><th "
                   "scope=\"col\">parameters</th>"
                   "<th scope=\"col\" class=\"name\">reads</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; w->problem == 0 && i < g.node_count; i++)
        write_layer(w, &g, i);
    writer_text(w, "</tbody></table></div>\n");
    page_picture(w, r, PICTURE_GRAPH);
    page_end(w);
    layer_graph_release(&g);
}

/* ---- training */

static void write_optimizer(writer *w, const heed_model *m)
{
    const training_record *t = &m->config.training;
    static const char *const names[] = {"Adam", "AdamW", "SGD"};
    static const char *const schedules[] = {"", ", cosine schedule", ", halved on plateaus"};
    page_fact_text(w, "optimiser", names[t->options.optimizer]);
    page_fact(w, "learning rate", "%g%s", t->options.learning_rate, schedules[t->options.schedule]);
    if (t->options.warmup > 0)
        page_fact(w, "warm-up", "%g epochs", t->options.warmup);
    if (t->options.weight_decay > 0)
        page_fact(w, "weight decay", "%g", t->options.weight_decay);
    if (t->options.momentum > 0)
        page_fact(w, "momentum", "%g", t->options.momentum);
    if (t->options.clip_norm > 0)
        page_fact(w, "gradients", "clipped to %g", t->options.clip_norm);
    page_fact(w, "batches", "of %" PRIu32 " rows", t->options.batch_size);
    if (!model_has_epochs(m)) {
        page_fact(w, "epochs", "at most %" PRIu32 " for each network%s", t->options.epochs,
                  t->stopped ? ", stopped by the user" : "");
        return;
    }
    page_fact(w, "epochs", "%" PRIu32 " of %" PRIu32 "%s, number %" PRIu32 " kept: %s", t->epochs_run,
              t->options.epochs, t->stopped ? ", stopped by the user" : "", t->epoch_kept,
              t->keep_best ? "the best" : "the last");
}

static void write_recipe(writer *w, const heed_model *m)
{
    const recipe_record *r = &m->config.recipe;
    if (r->name == NULL)
        return;
    page_fact_text(w, "recipe", r->name);
    page_fact(w, "it went by", "accuracy %.4f on %" PRIu32 " %s; %s alone %.4f, linear %.4f", r->accuracy, r->rows,
              model_recipe_rows(m), part_name(m->config.network.architecture), r->wide_accuracy, r->linear_accuracy);
}

void page_training(writer *w, const heed_report *r)
{
    const training_record *t = &r->model->config.training;
    page_begin(w, "training", "Training");
    page_facts_begin(w);
    if (r->model->class->solver != NULL)
        page_fact_text(w, "optimiser", r->model->class->solver);
    else
        write_optimizer(w, r->model);
    page_fact(w, "seed", "%" PRIu64, t->options.seed);
    write_recipe(w, r->model);
    if (t->options.label_smoothing > 0)
        page_fact(w, "targets", "smoothed by %g", t->options.label_smoothing);
    if (t->class_weights != NULL)
        page_fact_text(w, "class weights", strcmp(t->class_weights, "file") == 0 ? "from a file" : t->class_weights);
    if (t->vectors_digest != NULL)
        page_fact(w, "word vectors", "%" PRIu64 " words, %.1f%% of the training tokens", t->vector_words,
                  100 * t->vector_tokens);
    write_others(w, HEED_OPTIONS_TRAIN, &t->options, page_fact_text);
    page_facts_end(w);
    page_picture(w, r, PICTURE_TRAINING);
    page_end(w);
}
