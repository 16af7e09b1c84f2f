/* The contents of a model as text. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/escape.h"
#include "base/number.h"
#include "model/model_history.h"
#include "model/part_table.h"
#include "model/sum_classifier.h"
#include "options/choices.h"
#include "options/option_structs.h"

/* ---- text pipeline and labels */

static void print_choice(writer *out, const char *head, const char *value)
{
    writer_print(out, "  %-14s %s\n", head, value);
}

/* Then cleaning changes nothing of what it reads but HTML. */
static bool model_reads_subwords_only(const heed_model *m)
{
    return m->encoder != NULL && m->words.words.count == 0;
}

static void print_window(writer *out, const heed_model *m)
{
    const heed_text_options *text = &m->config.text;
    if (m->config.network.window == 0) /* a sum has one if a part of it has */
        print_choice(out, "window", "none: whole texts");
    else if (model_reads_subwords_only(m))
        writer_print(out, "  %-14s %u sub-words, cut %s\n", "window", m->config.network.window,
                     names_of(&cut_names, text->cut));
    else
        writer_print(out, "  %-14s %s%u tokens, cut %s, pad %s, %s\n", "window",
                     model_reads_whole_texts(m) ? "whole texts; networks: " : "", m->config.network.window,
                     names_of(&cut_names, text->cut), names_of(&pad_names, text->pad),
                     m->config.network.mask ? "padding masked" : "padding read like a word");
}

/* Options without a line of their own. */
static void print_others(writer *out, heed_options_kind home, const void *options)
{
    char value[200];
    for (const option *o = NULL; (o = options_next_set(home, options, o)) != NULL;) {
        option_print(value, sizeof value, o, options);
        print_choice(out, o->name, value);
    }
}

static void print_tokens(writer *out, const heed_model *m)
{
    const char *name = names_of(&tokens_names, m->config.text.tokens);
    if (m->config.text.tokens != HEED_TOKENS_WORDPIECE) {
        print_choice(out, "tokens", name);
        return;
    }
    const shared_tokenizer *t = m->cleaner->tokenizer;
    writer_print(out, "  %-14s %s: %u tokens, digest %s\n", "tokens", name, tokenizer_size(t->words), t->digest);
}

static void print_text_pipeline(writer *out, const heed_model *m)
{
    const heed_text_options *text = &m->config.text;
    writer_text(out, "\nText\n");
    print_choice(out, "html", names_of(&html_names, text->html));
    if (model_reads_subwords_only(m)) {
        print_choice(out, "tokens", "sub-words of the encoder");
        print_window(out, m);
        print_others(out, HEED_OPTIONS_TEXT, text);
        return;
    }
    print_choice(out, "punctuation", names_of(&punctuation_names, text->punctuation));
    print_choice(out, "case", names_of(&letters_names, text->letters));
    print_tokens(out, m);
    print_choice(out, "lemmas", names_of(&lemmas_names, text->lemmas));
    print_choice(out, "stop words", text->stop_words == NULL ? "none" : text->stop_words);
    writer_print(out, "  %-14s %s: %u words, %u ids (%s)\n", "vocabulary",
                 names_of(&vocabulary_names, text->vocabulary), m->words.words.count, m->words.size,
                 m->words.first == 1 ? "0 pads, other words are dropped" : "0 pads, 1 is <unk>");
    print_window(out, m);
    print_others(out, HEED_OPTIONS_TEXT, text);
}

/* The threshold, if it is not the default. */
static void print_label(writer *out, const heed_model *m, uint32_t i)
{
    const label_config *labels = &m->config.labels;
    writer_text(out, "  ");
    escape_terminal_line(out, bytes_of(m->labels[i]));
    if (labels->task == HEED_TASK_MULTILABEL)
        writer_print(out, " (predicted above %g)", m->thresholds[i]);
    else if (i == labels->positive && *m->thresholds != 0.5)
        writer_print(out, " (positive, predicted above %g)", *m->thresholds);
    else if (i == labels->positive)
        writer_text(out, " (positive)");
    writer_byte(out, '\n');
}

static void print_labels(writer *out, const heed_model *m)
{
    static const char *const tasks[] = {"one of two", "one of several", "any number per row"};
    writer_print(out, "\nLabels: %s\n", tasks[m->config.labels.task]);
    for (uint32_t i = 0; i < m->config.labels.count; i++)
        print_label(out, m, i);
}

/* ---- training */

/* The optimiser and the schedule, as far as they were used. */
static void print_optimizer(writer *out, const training_record *t)
{
    static const char *const names[] = {"Adam", "AdamW", "SGD"};
    writer_print(out, "  %-14s learning rate %g", names[t->options.optimizer], t->options.learning_rate);
    if (t->options.schedule == HEED_SCHEDULE_COSINE)
        writer_text(out, ", cosine schedule");
    if (t->options.schedule == HEED_SCHEDULE_LINEAR)
        writer_text(out, ", linear schedule");
    if (t->options.schedule == HEED_SCHEDULE_PLATEAU)
        writer_text(out, ", halved on plateaus");
    if (t->options.warmup > 0)
        writer_print(out, ", warm-up %g epoch%s", t->options.warmup, t->options.warmup == 1 ? "" : "s");
    if (t->options.weight_decay > 0)
        writer_print(out, ", weight decay %g", t->options.weight_decay);
    if (t->options.momentum > 0)
        writer_print(out, ", momentum %g", t->options.momentum);
    if (t->options.clip_norm > 0)
        writer_print(out, ", gradients clipped to %g", t->options.clip_norm);
    writer_print(out, ", batches of %u, seed %" PRIu64 "\n", t->options.batch_size, t->options.seed);
}

static void print_epochs(writer *out, const heed_model *m)
{
    const training_record *t = &m->config.training;
    if (!model_has_epochs(m)) {
        writer_print(out, "  epochs         at most %u for each network%s\n", t->options.epochs,
                     t->stopped ? ", stopped by the user" : "");
        return;
    }
    writer_print(out, "  epochs         %u of %u%s, number %u kept (*%s)\n", t->epochs_run, t->options.epochs,
                 t->stopped ? ", stopped by the user" : "", t->epoch_kept, t->keep_best ? ", the best" : ", the last");
}

static void print_loss(writer *out, const heed_model *m)
{
    const training_record *t = &m->config.training;
    const char *weights = m->config.rows.weight_column;
    if (t->options.label_smoothing > 0)
        writer_print(out, "  targets        smoothed by %g\n", t->options.label_smoothing);
    if (t->class_weights != NULL)
        writer_print(out, "  class weights  %s\n",
                     strcmp(t->class_weights, "file") == 0 ? "from a file" : t->class_weights);
    if (weights != NULL)
        writer_print(out, "  row weights    column %s\n", weights);
}

static void print_vectors(writer *out, const training_record *t)
{
    if (t->vectors_digest == NULL)
        return;
    writer_print(out, "  vectors        %s%" PRIu64 " words, %.1f%% of the training tokens; ",
                 t->options.vectors != NULL ? "of the training rows: " : "", t->vector_words, 100 * t->vector_tokens);
    if (t->options.frozen_epochs == 0 || t->options.frozen_epochs >= t->options.epochs)
        writer_print(out, "%s\n", t->options.frozen_epochs == 0 ? "trained" : "frozen");
    else
        writer_print(out, "frozen for %u epoch%s\n", t->options.frozen_epochs,
                     t->options.frozen_epochs == 1 ? "" : "s");
}

static void print_recipe(writer *out, const heed_model *m)
{
    const recipe_record *r = &m->config.recipe;
    if (r->name != NULL)
        writer_print(out, "  recipe         %s: accuracy %.4f on %u %s; %s alone %.4f, linear %.4f\n", r->name,
                     r->accuracy, r->rows, model_recipe_rows(m), part_name(m->config.network.architecture),
                     r->wide_accuracy, r->linear_accuracy);
}

/* "400: 360 train, 40 validate (fraction 0.1)", "400: 400 train, held out in turn (cross-fit 5)" */
static void print_rows(writer *out, const training_record *t)
{
    writer_print(out, "  rows           %" PRIu64 ": %" PRIu64 " train, ", t->rows, t->rows_train);
    if (record_has_cross_fit(t))
        writer_text(out, "held out in turn");
    else
        writer_print(out, "%" PRIu64 " validate", t->rows_validation);
    writer_print(out, " (%s)\n", t->validation == NULL ? "" : t->validation);
}

/* "25000 texts", "25000 texts; 40 of the rows that validated have the text of a training row" */
static void print_seen(writer *out, const heed_model *m)
{
    const seen_record *seen = &m->config.seen;
    if (seen->digests > 0)
        writer_print(out, "  row digests    of %" PRIu32 " text%s", seen->digests, seen->digests == 1 ? "" : "s");
    else
        writer_text(out, "  row digests    none: which texts it saw cannot be known");
    if (seen->leaked > 0)
        writer_print(out, "\n  leaked rows    %" PRIu64 " that validated have the text of a training row",
                     seen->leaked);
    writer_byte(out, '\n');
}

static void print_training(writer *out, const heed_model *m)
{
    const training_record *t = &m->config.training;
    writer_text(out, "\nTraining\n");
    print_rows(out, t);
    writer_print(out,
                 "  text           mean %.4f tokens per training row; %" PRIu64 " distinct words in all\n"
                 "  data digest    %s\n",
                 t->mean_tokens, t->distinct_words, t->data_digest == NULL ? "" : t->data_digest);
    print_seen(out, m);
    if (m->class->solver != NULL) {
        writer_print(out, "  %-14s seed %" PRIu64 "\n", m->class->solver, t->options.seed);
    } else {
        print_optimizer(out, t);
        print_epochs(out, m);
    }
    print_recipe(out, m);
    print_loss(out, m);
    print_vectors(out, t);
    heed_train_options others = t->options;
    others.vectors = NULL; /* which print_vectors has told */
    print_others(out, HEED_OPTIONS_TRAIN, &others);
    model_history_print(out, m);
}

static void print_explanation(writer *out, const heed_model *m)
{
    const explanation_record *r = &m->config.explanation;
    if (r->method == HEED_METHOD_AUTO)
        return;
    writer_print(out,
                 "\n"
                 "Explanation\n"
                 "  method         %s, the most faithful on %u texts (erased words %s)\n"
                 "  gain           %+.4f over random order, %+.4f to %+.4f\n"
                 "  no top words   the probability falls by %+.4f (comprehensiveness)\n"
                 "  only top words the probability falls by %+.4f (sufficiency)\n",
                 heed_method_name(r->method), r->rows, r->erase == HEED_ERASE_UNK ? "replaced by <unk>" : "removed",
                 r->gain, r->gain_low, r->gain_high, r->comprehensiveness, r->sufficiency);
}

heed_status heed_model_summary(char **out, const heed_model *model, heed_error *error)
{
    writer text = {0};
    writer_print(&text, "%s\n", model->class->architecture(model));
    model->class->print(&text, model);
    print_text_pipeline(&text, model);
    print_labels(&text, model);
    print_training(&text, model);
    print_explanation(&text, model);
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}
