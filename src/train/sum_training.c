#include "train/sum_training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/classifier.h"
#include "model/network_classifier.h"
#include "model/sum_classifier.h"
#include "train/part_training.h"
#include "train/row_targets.h"
#include "train/sum_held.h"
#include "train/training_progress.h"
#include "train/training_words.h"

/* Hears what the parts tell, and passes it on. */
typedef struct part_listener {
    heed_listener own;
    const heed_listener *outer; /* NULL: nobody */
    bool quiet;                 /* only the pace is passed on, and warnings */
    bool stopped;               /* the outer one wanted it, and the part that told of it was stopped */
} part_listener;

typedef struct sum_run {
    const training_context *context;
    const training_data *data;
    training_result *result;
    training_progress progress;
    sum_text text;
    part_order orders[MOST_PARTS];
    part_listener listener;
    sum_rounds rounds;
    sum_held held;
    part_fit fits[MOST_PARTS]; /* the final ones */
} sum_run;

/* ---- orders */

static int pass_on(void *user, const heed_event *event)
{
    part_listener *l = user;
    bool told = event->stage == HEED_STAGE_EPOCH || event->stage == HEED_STAGE_NOTE;
    if (l->stopped || l->outer == NULL || (l->quiet && told))
        return 0;
    l->stopped = l->outer->on_event(l->outer->user, event) != 0;
    return l->stopped;
}

/* The next network of the model to start from; *next is where to look for it. */
static const heed_model *next_network(const heed_model *start, uint32_t *next)
{
    if (start == NULL)
        return NULL;
    const model_sum *s = model_parts(start);
    for (; s != NULL && *next < s->count; ++*next)
        if (model_network(s->parts[*next].model) != NULL)
            return s->parts[(*next)++].model;
    return s == NULL && (*next)++ == 0 ? start : NULL;
}

static void make_orders(sum_run *t)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < t->text.count; i++) {
        bool starts = !part_training_of(t->text.text[i])->deterministic;
        const heed_model *start = starts ? next_network(t->context->options->init_from, &next) : NULL;
        part_order_init(&t->orders[i], t->context->options, t->text.text[i], start);
        t->orders[i].listener = &t->listener.own;
        t->orders[i].number = i + 1;
        t->orders[i].parts = t->text.count;
    }
}

static void tell_parts(sum_run *t)
{
    const uint32_t rows = t->data->train.count, parts = t->text.count;
    char note[200];
    if (t->data->validation.count > 0)
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on the validation rows", parts);
    else if (rows > CROSSFIT_ROWS)
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on a fifth of the %u training rows, held out",
                 parts, rows);
    else
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on the %u training rows, each held out once",
                 parts, rows);
    progress_note(&t->progress, note);
}

/* ---- the parts, at last */

/* What a part is trained on again: all rows, for as many epochs as were kept on the mean. */
static void order_again(sum_run *t, uint32_t part)
{
    part_order *o = &t->orders[part];
    const char *chosen = t->rounds.fits[part].model->config.network.architecture;
    o->last_epoch = (t->rounds.kept[part] + t->rounds.rounds / 2) / t->rounds.rounds;
    o->options.keep = HEED_KEEP_LAST;
    o->options.patience = 0;
    o->options.validation = HEED_VALIDATION_NONE;
    if (t->rounds.rounds == 1)
        o->options.architecture = chosen; /* with C, so that it is not looked for again */
}

static heed_status train_again(sum_run *t, uint32_t part, const vocabulary *words, heed_error *error)
{
    const split all = {.train = t->data->train.row, .train_count = t->data->train.count};
    return part_fit_run(&t->fits[part], &t->orders[part], t->context->corpus, &all, words, error);
}

static void take_fit(sum_run *t, uint32_t part)
{
    t->fits[part] = t->rounds.fits[part];
    t->rounds.fits[part] = (part_fit){.model = NULL};
}

static bool spells(const sum_run *t, uint32_t part)
{
    return t->orders[part].class->classifier->spells_words;
}

/* The words of all parts, those that are spelled by a part first. */
static heed_status join_words(sum_run *t, const vocabulary *spelled, heed_error *error)
{
    const vocabulary *all[MOST_PARTS + 1];
    size_t count = 0;
    if (spelled->size > 0)
        all[count++] = spelled;
    for (uint32_t p = 0; p < t->text.count; p++)
        if (t->fits[p].model != NULL)
            all[count++] = &t->fits[p].model->words;
    return vocabulary_join(&t->result->words, all, count, error);
}

/* The words that the first part which spells words finds in all training rows; none without such a part. */
static heed_status find_spelled(vocabulary *out, const sum_run *t, heed_error *error)
{
    const split all = {.train = t->data->train.row, .train_count = t->data->train.count};
    training_data found = {0};
    heed_status status = HEED_OK;
    for (uint32_t p = 0; p < t->text.count && found.words.size == 0 && status == HEED_OK; p++)
        if (spells(t, p))
            status = t->orders[p].class->find_words(&found, t->context->corpus, &all, &t->orders[p].options, error);
    *out = found.words;
    return status;
}

/* The first `count` parts. Those that spell words have the words of all parts, so they come last. */
static heed_status train_parts(sum_run *t, uint32_t count, heed_error *error)
{
    vocabulary spelled = {0};
    bool again = t->data->validation.count == 0;
    heed_status status;
    t->text.count = count;
    for (uint32_t p = 0; p < count; p++)
        order_again(t, p);
    TRY(find_spelled(&spelled, t, error));
    for (uint32_t p = 0; p < count; p++) {
        if (!spells(t, p) && again)
            TRY(train_again(t, p, NULL, error));
        else if (!spells(t, p))
            take_fit(t, p);
    }
    TRY(join_words(t, &spelled, error));
    for (uint32_t p = 0; p < count; p++)
        if (spells(t, p))
            TRY(train_again(t, p, &t->result->words, error));
done:
    vocabulary_release(&spelled);
    return status;
}

/* ---- the model */

static heed_status make_sum(sum_run *t, heed_error *error)
{
    model_sum *s = NULL;
    const char *texts[MOST_PARTS];
    heed_status status;
    TRY(model_sum_new(&s, t->text.count, error));
    t->result->trained = s;
    for (uint32_t p = 0; p < t->text.count; p++) {
        sum_part *part = &s->parts[p];
        part->model = t->fits[p].model;
        t->fits[p].model = NULL;
        part->weight = (float)t->held.weights[p];
        texts[p] = part->model->config.network.architecture;
        if (part->model->config.network.window > 0)
            t->result->window = part->model->config.network.window;
        TRY(sum_part_map(part, &t->result->words, error));
    }
    TRY(sum_text_join(&t->result->architecture, texts, t->text.count, error));
done:
    return status;
}

/* The first part by itself is the model. */
static heed_status make_first(sum_run *t, heed_error *error)
{
    heed_model *m = t->fits[0].model;
    training_result *r = t->result;
    r->class = m->class;
    r->trained = m->trained;
    m->trained = NULL;
    r->window = m->config.network.window;
    r->architecture = memory_copy(m->config.network.architecture, strlen(m->config.network.architecture));
    if (r->architecture == NULL)
        return fail_memory(error, "an architecture");
    vocabulary_release(&r->words);
    return vocabulary_copy(&r->words, &m->words, error);
}

/* What the networks started from, for the record. */
static void take_start(sum_run *t)
{
    for (uint32_t p = 0; p < t->text.count; p++) {
        const part_fit *f = &t->fits[p];
        if (f->pretrained.digest[0] == '\0' || t->result->pretrained.digest[0] != '\0')
            continue;
        t->result->pretrained = f->pretrained;
        t->result->frozen_epochs = f->frozen_epochs;
    }
}

/* The metrics of the training rows by the parts at last. */
static heed_status judge_training(sum_run *t, heed_error *error)
{
    static const double alone = 1;
    size_t n = t->data->train.count, K = t->rounds.outputs;
    double *z[MOST_PARTS] = {0};
    float *target = NULL;
    pool *workers = NULL;
    heed_status status;
    TRY(pool_new(&workers, t->context->options->threads, error));
    TRY(row_targets_make(&target, t->data, &t->data->train, K, error));
    for (uint32_t p = 0; p < t->text.count; p++) {
        z[p] = memory_array(n * K, sizeof(double));
        TRY(z[p] == NULL ? fail_memory(error, "figures") : HEED_OK);
        TRY(example_logits(z[p], t->fits[p].model, &t->fits[p].data.train, workers, error));
    }
    const logit_rows rows = {.z = (const double *const *)z,
                             .target = target,
                             .count = n,
                             .outputs = K,
                             .parts = t->text.count,
                             .softmax = t->data->task == HEED_TASK_MULTICLASS};
    TRY(logit_metrics(t->result->train, t->data->task, &rows, t->text.count == 1 ? &alone : t->held.weights, error));
done:
    for (uint32_t p = 0; p < t->text.count; p++)
        free(z[p]);
    free(target);
    pool_free(workers);
    return status;
}

/* ---- a whole run */

static heed_status init(sum_run *t, const char *architecture, heed_error *error)
{
    training_result *r = t->result;
    heed_status status;
    t->listener = (part_listener){.own = {pass_on, &t->listener}, .outer = t->context->listener};
    t->listener.quiet = t->data->validation.count == 0 && t->data->train.count <= CROSSFIT_ROWS;
    TRY(sum_text_parse(&t->text, architecture, error));
    make_orders(t);
    r->train = memory_array(1, sizeof *r->train);
    r->validation = memory_array(1, sizeof *r->validation);
    TRY(r->train == NULL || r->validation == NULL ? fail_memory(error, "training") : HEED_OK);
done:
    return status;
}

static void release(sum_run *t, uint32_t parts)
{
    sum_rounds_release(&t->rounds);
    for (uint32_t p = 0; p < parts; p++)
        part_fit_release(&t->fits[p]);
    sum_held_release(&t->held);
    t->text.count = parts;
    sum_text_release(&t->text);
}

static void tell_weights(sum_run *t, const sum_verdict *v)
{
    char note[400];
    int size = snprintf(note, sizeof note, "weights of the parts, fitted on %u held-out rows:", v->rows);
    for (uint32_t p = 0; p < t->text.count && size < (int)sizeof note; p++)
        size += snprintf(note + size, sizeof note - (size_t)size, "%s %.3g", p > 0 ? "," : "", t->held.weights[p]);
    if (size < (int)sizeof note)
        snprintf(note + size, sizeof note - (size_t)size, "; held-out accuracy of the sum %.4f, of the first part %.4f",
                 v->accuracy, v->first_accuracy);
    progress_note(&t->progress, note);
}

static void end_epoch(sum_run *t)
{
    training_result *r = t->result;
    r->epochs_run = r->epoch_kept = 1;
    progress_tell(
        &t->progress,
        (heed_event){
            .stage = HEED_STAGE_EPOCH, .epoch = 1, .train = r->train, .validation = r->validation, .best = true});
}

/* Whether the sum is not worth its other parts: both the loss and the accuracy have to be better. */
static bool others_lose(const sum_verdict *v)
{
    return !(v->loss < v->first_loss && v->accuracy > v->first_accuracy);
}

static sum_verdict verdict_of(const sum_held *h)
{
    return (sum_verdict){.rows = (uint32_t)h->count,
                         .loss = h->metrics.loss,
                         .accuracy = h->metrics.accuracy,
                         .first_loss = h->first.loss,
                         .first_accuracy = h->first.accuracy};
}

static heed_status run_all(sum_run *t, bool may_drop, sum_verdict *v, heed_error *error)
{
    heed_status status;
    TRY(sum_rounds_run(&t->rounds, t->context, t->orders, t->text.count, error));
    TRY(sum_held_judge(&t->held, &t->rounds, error));
    *t->result->validation = t->held.metrics;
    *v = verdict_of(&t->held);
    v->dropped = may_drop && others_lose(v);
    tell_weights(t, v);
    TRY(train_parts(t, v->dropped ? 1 : t->text.count, error));
    TRY(judge_training(t, error));
    take_start(t);
    if (t->data->validation.count == 0)
        TRY(sum_held_keep(&t->result->held, &t->held, &t->rounds, error));
    TRY(v->dropped ? make_first(t, error) : make_sum(t, error));
    end_epoch(t);
    if (t->listener.stopped || t->progress.stopped)
        status = fail(error, HEED_STOPPED, "stopped before the last part was trained to its end");
done:
    return status;
}

heed_status sum_training_run(training_result *out, const training_context *context, const char *architecture,
                             bool may_drop, sum_verdict *verdict, heed_error *error)
{
    sum_verdict own;
    sum_run *t = memory_array(1, sizeof *t);
    heed_status status;
    if (t == NULL)
        return fail_memory(error, "training");
    *t = (sum_run){.context = context,
                   .data = context->data,
                   .result = out,
                   .progress = {.context = context, .epochs = 1, .watch = stopwatch_start()}};
    status = init(t, architecture, error);
    uint32_t parts = t->text.count;
    if (status == HEED_OK) {
        tell_parts(t);
        status = run_all(t, may_drop, verdict != NULL ? verdict : &own, error);
    }
    out->stopped = t->listener.stopped || t->progress.stopped;
    release(t, parts);
    free(t);
    return status;
}

/* ---- its class */

static heed_status check(const heed_train_options *options, heed_error *error)
{
    sum_text text;
    bool network = false;
    heed_status status = sum_text_parse(&text, options->architecture, error);
    for (uint32_t i = 0; i < text.count && status == HEED_OK; i++) {
        part_order order;
        part_order_init(&order, options, text.text[i], NULL);
        network = network || !order.class->deterministic;
        if (order.class->check != NULL)
            status = order.class->check(&order.options, error);
    }
    sum_text_release(&text);
    const char *found = options->vectors != NULL ? "--vectors" : options->init_from != NULL ? "--init-from" : NULL;
    if (status == HEED_OK && !network && found != NULL)
        return fail(error, HEED_USAGE, "%s: no part of the sum is a network, which it is for; leave the option out",
                    found);
    return status;
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    return sum_training_run(out, context, context->options->architecture, false, NULL, error);
}

const training_class sum_training = {
    .classifier = &sum_classifier, .crossfits = true, .check = check, .find_words = find_words_by_rows, .run = run};
