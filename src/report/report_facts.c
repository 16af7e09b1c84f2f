/* What was measured: the model, its data, its text pipeline, its layers, its training. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/layer_graph.h"
#include "report/report_page.h"

/* ---- model */

void page_model(pen *p, const heed_report *r)
{
    const heed_model *m = r->model;
    const label_config *l = &m->config.labels;
    page_begin(p, "model", "Model");
    page_facts_begin(p);
    if (r->model_name[0] != '\0') {
        page_fact_begin(p, "file");
        page_outside(p, r->model_name);
        page_fact_end(p);
        page_fact(p, "digest", "%s (XXH3-128 of the file)", r->digest);
    }
    page_fact_begin(p, "architecture");
    pen_text(p, "<code>");
    const char *architecture = m->class->architecture(m);
    pen_markup(p, (heed_bytes){architecture, strlen(architecture)});
    pen_text(p, "</code>");
    page_fact_end(p);
    page_fact_begin(p, "parameters");
    page_count(p, heed_model_parameters(m));
    page_fact_end(p);
    page_fact_begin(p, "answers");
    pen_print(p,
              l->task == HEED_TASK_MULTILABEL ? "any number of %" PRIu32 " labels a row" : "one of %" PRIu32 " labels",
              l->count);
    page_fact_end(p);
    if (l->task == HEED_TASK_BINARY) {
        page_fact_begin(p, "positive label");
        page_label(p, r, l->positive);
        pen_print(p, ", answered above %g", r->evaluation->threshold);
        page_fact_end(p);
    }
    page_fact(p, "heed", "%s", heed_version());
    page_facts_end(p);
    page_end(p);
}

/* ---- data */

static void write_share(pen *p, uint64_t part, uint64_t whole)
{
    page_count(p, part);
    if (whole > 0)
        pen_print(p, " <small>%.1f%%</small>", 100 * (double)part / (double)whole);
}

static void write_training_rows(pen *p, const training_record *t)
{
    pen_text(p, "<h3>Trained on</h3>\n<p class=\"note\">As the model file tells.</p>\n");
    page_facts_begin(p);
    page_fact_begin(p, "rows");
    page_count(p, t->rows);
    pen_text(p, ": ");
    page_count(p, t->rows_train);
    pen_text(p, " to train, ");
    page_count(p, t->rows_validation);
    pen_text(p, " to validate");
    page_fact_end(p);
    page_fact(p, "division", "%s", t->validation != NULL ? t->validation : "none");
    page_fact(p, "tokens", "%.1f a training row", t->mean_tokens);
    page_fact_begin(p, "distinct words");
    page_count(p, t->distinct_words);
    page_fact_end(p);
    page_fact(p, "digest", "%s (of texts and labels)", t->data_digest != NULL ? t->data_digest : "none");
    page_facts_end(p);
}

static void write_test_rows(pen *p, const heed_report *r)
{
    pen_text(p, "<h3>Measured on</h3>\n");
    page_facts_begin(p);
    page_fact_begin(p, "rows");
    page_count(p, r->rows);
    page_fact_end(p);
    page_fact(p, "tokens", "%.1f a row", (double)r->tokens / (double)r->rows);
    page_fact_begin(p, "words the model does not know");
    write_share(p, r->unknown, r->tokens);
    page_fact_end(p);
    if (r->model->config.network.window > 0) {
        page_fact_begin(p, "texts longer than the window");
        write_share(p, r->cut_rows, r->rows);
        page_fact_end(p);
    }
    page_facts_end(p);
}

void page_data(pen *p, const heed_report *r)
{
    page_begin(p, "data", "Data");
    pen_text(p, "<div class=\"pair\"><div>\n");
    write_test_rows(p, r);
    pen_text(p, "</div><div>\n");
    write_training_rows(p, &r->model->config.training);
    pen_text(p, "</div></div>\n<div class=\"pictures\">\n");
    page_picture(p, r, PICTURE_LABELS);
    page_picture(p, r, PICTURE_LENGTHS);
    pen_text(p, "</div>\n");
    page_end(p);
}

/* ---- text pipeline */

static void write_stage(pen *p, const char *words)
{
    if (words != NULL)
        pen_print(p, "<li>%s</li>\n", words);
}

static void write_window(pen *p, const heed_model *m)
{
    static const char *const cuts[] = {"the last", "the first", "the first quarter and the end, in all"};
    const heed_text_options *t = &m->config.text;
    if (m->class->whole_texts) {
        pen_text(p, "<li>The whole text is read: each word and each pair of neighbours is a feature.</li>\n");
        return;
    }
    pen_print(
        p, "<li>Of a longer text %s %" PRIu32 " tokens are read; a shorter one is padded %s, and padding is %s.</li>\n",
        cuts[t->cut], m->config.network.window, t->pad == HEED_PAD_FRONT ? "in front" : "behind",
        m->config.network.mask ? "never seen" : "read like a word");
}

void page_text(pen *p, const heed_report *r)
{
    static const char *const html[] = {NULL, "HTML tags and comments become a space, entities their character."};
    static const char *const punctuation[] = {
        NULL, "The first 32 characters of punctuation in a text go, as in the tutorial.", "All punctuation goes."};
    static const char *const letters[] = {NULL, "Letters become small."};
    static const char *const tokens[] = {"A text is one token.", "Tokens end at spaces.",
                                         "Tokens are words, and every other visible character alone."};
    static const char *const lemmas[] = {NULL, "English words become their base form as nouns (WordNet).",
                                         "English words become their base form as nouns and then as verbs (WordNet)."};
    static const char *const unknown[] = {"words outside of it are read as &lt;unk&gt;",
                                          "words outside of it are dropped"};
    const heed_text_options *t = &r->model->config.text;
    page_begin(p, "text", "From text to numbers");
    pen_text(p, "<p>Stored in the model, so that every text is read as the training texts were.</p>\n<ol>\n");
    write_stage(p, html[t->html]);
    write_stage(p, punctuation[t->punctuation]);
    write_stage(p, letters[t->letters]);
    write_stage(p, tokens[t->tokens]);
    write_stage(p, lemmas[t->lemmas]);
    if (t->stop_words != NULL)
        write_stage(p, strcmp(t->stop_words, "english") == 0 ? "NLTK's 179 English stop words are dropped."
                                                             : "Stop words of a list are dropped.");
    pen_text(p, "<li>The vocabulary has ");
    page_count(p, r->model->words.words.count);
    pen_print(p, " words; %s.</li>\n", unknown[t->vocabulary]);
    write_window(p, r->model);
    pen_text(p, "</ol>\n");
    page_end(p);
}

/* ---- layers */

static void write_sources(pen *p, const layer_graph *g, size_t node)
{
    bool some = false;
    for (size_t i = 0; i < g->edge_count; i++)
        if (g->edges[i].to == node) {
            pen_text(p, some ? ", " : "");
            pen_markup(p, (heed_bytes){g->nodes[g->edges[i].from].name, strlen(g->nodes[g->edges[i].from].name)});
            some = true;
        }
}

static void write_layer(pen *p, const layer_graph *g, size_t number)
{
    const graph_node *node = &g->nodes[number];
    pen_text(p, "<tr><th scope=\"row\">");
    pen_markup(p, (heed_bytes){node->name, strlen(node->name)});
    pen_print(p, "</th><td class=\"name\">%s</td><td class=\"name\">%s%s%s</td><td>", node->type, node->output,
              node->further[0] != '\0' ? "<br>+ " : "", node->further);
    page_count(p, node->parameters);
    pen_text(p, "</td><td class=\"name\">");
    write_sources(p, g, number);
    pen_text(p, "</td></tr>\n");
}

void page_layers(pen *p, const heed_report *r)
{
    layer_graph g;
    heed_status status = layer_graph_init(&g, r->model, p->error);
    page_begin(p, "layers", "Layers");
    pen_text(p, "<div class=\"scroll\"><table class=\"numbers\">\n<thead><tr><th scope=\"col\">layer</th>"
                "<th scope=\"col\" class=\"name\">kind</th><th scope=\"col\" class=\"name\">output</th><th "
                "scope=\"col\">parameters</th>"
                "<th scope=\"col\" class=\"name\">reads</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; status == HEED_OK && i < g.node_count; i++)
        write_layer(p, &g, i);
    pen_text(p, "</tbody></table></div>\n");
    page_picture(p, r, PICTURE_GRAPH);
    page_end(p);
    if (p->status == HEED_OK)
        p->status = status;
    layer_graph_release(&g);
}

/* ---- training */

static void write_optimizer(pen *p, const training_record *t)
{
    static const char *const names[] = {"Adam", "AdamW", "SGD"};
    static const char *const schedules[] = {"", ", falling along a cosine", ", halved on plateaus"};
    page_fact(p, "optimiser", "%s", names[t->optimizer]);
    page_fact(p, "learning rate", "%g%s", t->learning_rate, schedules[t->schedule]);
    if (t->warmup > 0)
        page_fact(p, "warm-up", "%g epochs", t->warmup);
    if (t->weight_decay > 0)
        page_fact(p, "weight decay", "%g", t->weight_decay);
    if (t->momentum > 0)
        page_fact(p, "momentum", "%g", t->momentum);
    if (t->clip_norm > 0)
        page_fact(p, "gradients", "clipped to %g", t->clip_norm);
    page_fact(p, "batches", "of %" PRIu32 " rows", t->batch_size);
    page_fact(p, "epochs", "%" PRIu32 " of %" PRIu32 "%s, number %" PRIu32 " kept: %s", t->epochs_run, t->epochs,
              t->stopped ? ", stopped by hand" : "", t->epoch_kept, t->keep_best ? "the best" : "the last");
}

void page_training(pen *p, const heed_report *r)
{
    const training_record *t = &r->model->config.training;
    page_begin(p, "training", "Training");
    page_facts_begin(p);
    if (r->model->class->solver != NULL)
        page_fact(p, "optimiser", "%s", r->model->class->solver);
    else
        write_optimizer(p, t);
    page_fact(p, "seed", "%" PRIu64, t->seed);
    if (t->label_smoothing > 0)
        page_fact(p, "targets", "smoothed by %g", t->label_smoothing);
    if (t->class_weights != NULL)
        page_fact(p, "class weights", "%s", strcmp(t->class_weights, "file") == 0 ? "from a file" : t->class_weights);
    if (t->vectors_digest != NULL)
        page_fact(p, "word vectors", "%" PRIu64 " words, %.1f%% of the training tokens", t->vector_words,
                  100 * t->vector_tokens);
    page_facts_end(p);
    page_picture(p, r, PICTURE_TRAINING);
    page_end(p);
}
