#include "train/sum_training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/classifier.h"
#include "model/encoder_spec.h"
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
    part_order orders[MOST_FITS]; /* of the parts, and of the baseline and the rival */
    part_listener listener;
    sum_fits fits;
    sum_held held;
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

static bool is_on_words(const heed_model *m)
{
    return model_network(m) != NULL && model_states_encoder(m) == NULL;
}

/* The next network of the model to start from; *next is where to look for it. */
static const heed_model *next_network(const heed_model *start, uint32_t *next)
{
    if (start == NULL)
        return NULL;
    const model_sum *s = model_parts(start);
    for (; s != NULL && *next < s->count; ++*next)
        if (is_on_words(s->parts[*next].model))
            return s->parts[(*next)++].model;
    return s == NULL && (*next)++ == 0 ? start : NULL;
}

static uint32_t compared(const sum_request *request)
{
    return (uint32_t)(request->baseline != NULL) + (request->rival != NULL);
}

/* The network parts start from the networks of the model to start from, in their order. */
static void make_orders(sum_run *t, const sum_request *request)
{
    uint32_t next = 0, parts = t->text.count;
    for (uint32_t i = 0; i < parts + compared(request); i++) {
        const char *text = i < parts ? t->text.text[i] : i == parts ? request->baseline : request->rival;
        bool starts = part_training_of(text)->starts;
        const heed_model *start = starts ? next_network(t->context->options->init_from, &next) : NULL;
        part_order_init(&t->orders[i], t->context->options, text, start);
        t->orders[i].context.listener = &t->listener.own;
        t->orders[i].number = i < parts ? i + 1 : 0;
        t->orders[i].parts = parts;
    }
}

/* Whether every row is held out once, and not one part of them only. */
static bool holds_in_turn(const sum_run *t, const char *architecture)
{
    return t->data->validation.count == 0 && t->data->train.count <= HELD_IN_TURN &&
           !architecture_trains_encoder(architecture);
}

static void tell_parts(sum_run *t, const char *architecture)
{
    const uint32_t rows = t->data->train.count, parts = t->text.count;
    char note[200];
    if (parts == 1)
        return;
    if (t->data->validation.count > 0)
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on the validation rows", parts);
    else if (!holds_in_turn(t, architecture))
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on a fifth of the %u training rows, held out",
                 parts, rows);
    else
        snprintf(note, sizeof note, "%u parts, whose weights are fitted on the %u training rows, each held out once",
                 parts, rows);
    progress_note(&t->progress, note);
}

/* ---- the model */

/* Of a part whose encoder has learned. There is at most one (sum_training_check). */
static void take_encoder(sum_run *t, const heed_model *part)
{
    if (part->encoder != NULL && part->encoder != t->context->corpus->encoder && t->result->encoder == NULL)
        t->result->encoder = shared_encoder_hold(part->encoder);
}

static heed_status make_sum(sum_run *t, heed_error *error)
{
    model_sum *s = NULL;
    const char *texts[MOST_PARTS];
    training_result *r = t->result;
    heed_status status;
    TRY(model_sum_new(&s, t->text.count, error));
    r->trained = s;
    r->words = t->fits.words;
    t->fits.words = (vocabulary){.size = 0};
    for (uint32_t p = 0; p < t->text.count; p++) {
        sum_part *part = &s->parts[p];
        part->model = t->fits.fits[p].model;
        t->fits.fits[p].model = NULL;
        part->weight = (float)t->held.weights[p];
        texts[p] = part->model->config.network.architecture;
        take_encoder(t, part->model);
        if (part->model->config.network.window > r->window)
            r->window = part->model->config.network.window;
        TRY(sum_part_map(part, &r->words, error));
    }
    TRY(sum_text_join(&r->architecture, texts, t->text.count, error));
done:
    return status;
}

/* The first part by itself is the model. */
static heed_status make_first(sum_run *t, heed_error *error)
{
    heed_model *m = t->fits.fits[0].model;
    training_result *r = t->result;
    r->class = m->class;
    r->trained = m->trained;
    m->trained = NULL;
    take_encoder(t, m);
    r->window = m->config.network.window;
    r->architecture = memory_copy(m->config.network.architecture, strlen(m->config.network.architecture));
    return r->architecture == NULL ? fail_memory(error, "an architecture")
                                   : vocabulary_copy(&r->words, &m->words, error);
}

/* What the networks started from, for the record. */
static void take_start(sum_run *t, uint32_t parts)
{
    for (uint32_t p = 0; p < parts; p++) {
        const part_fit *f = &t->fits.fits[p];
        if (f->pretrained.digest[0] == '\0' || t->result->pretrained.digest[0] != '\0')
            continue;
        t->result->pretrained = f->pretrained;
        t->result->frozen_epochs = f->frozen_epochs;
    }
}

/* ---- figures */

/* Whether a part was stopped before it was trained on all rows. */
static bool is_short(const sum_run *t, uint32_t parts)
{
    for (uint32_t p = 0; p < parts; p++)
        if (t->fits.fits[p].data.train.count < t->data->train.count)
            return true;
    return false;
}

/* The metrics of the training rows; of none where a part does not know them all. */
static heed_status judge_training(sum_run *t, uint32_t parts, heed_error *error)
{
    static const double alone = 1;
    size_t n = is_short(t, parts) ? 0 : t->data->train.count, K = t->fits.outputs;
    double *z[MOST_PARTS] = {0};
    float *target = NULL;
    heed_status status;
    TRY(row_targets_make(&target, t->data, &t->data->train, K, error));
    for (uint32_t p = 0; p < parts && n > 0; p++) {
        const part_fit *f = &t->fits.fits[p];
        z[p] = memory_array(n * K, sizeof(double));
        TRY(z[p] == NULL ? fail_memory(error, "figures") : HEED_OK);
        TRY(example_logits(z[p], f->model, &f->data.train, t->fits.workers, error));
    }
    const logit_rows rows = {.z = (const double *const *)z,
                             .target = target,
                             .count = n,
                             .outputs = K,
                             .parts = parts,
                             .softmax = t->data->task == HEED_TASK_MULTICLASS};
    TRY(logit_metrics(t->result->train, t->data->task, &rows, parts == 1 ? &alone : t->held.weights, error));
done:
    for (uint32_t p = 0; p < parts; p++)
        free(z[p]);
    free(target);
    return status;
}

/* Both the loss and the accuracy have to be better than those of the first part. */
static bool others_help(const sum_held *h)
{
    return h->metrics.loss < h->alone[0].loss && h->metrics.accuracy > h->alone[0].accuracy;
}

static sum_verdict verdict_of(const sum_run *t, const sum_request *request)
{
    const sum_held *h = &t->held;
    bool dropped = t->text.count > 1 && request->may_drop && !others_help(h);
    return (sum_verdict){.rows = (uint32_t)h->count,
                         .sum = h->metrics,
                         .first = h->alone[0],
                         .baseline = h->alone[t->text.count], /* zeros without a baseline, or a rival */
                         .rival = h->alone[t->text.count + 1],
                         .parts = dropped ? 1 : t->text.count};
}

static void tell_weights(sum_run *t, const sum_verdict *v)
{
    char note[400];
    if (v->parts == 1)
        return;
    int size = snprintf(note, sizeof note, "weights of the parts, fitted on %u held-out rows:", v->rows);
    for (uint32_t p = 0; p < t->text.count && size < (int)sizeof note; p++)
        size += snprintf(note + size, sizeof note - (size_t)size, "%s %.3g", p > 0 ? "," : "", t->held.weights[p]);
    if (size < (int)sizeof note)
        snprintf(note + size, sizeof note - (size_t)size, "; accuracy of the sum %.4f, of the first part %.4f",
                 v->sum.accuracy, v->first.accuracy);
    progress_note(&t->progress, note);
}

/* ---- a whole run */

static heed_status init(sum_run *t, const sum_request *request, heed_error *error)
{
    training_result *r = t->result;
    heed_status status;
    t->listener = (part_listener){.own = {pass_on, &t->listener}, .outer = t->context->listener};
    t->listener.quiet = holds_in_turn(t, request->architecture);
    TRY(sum_text_parse(&t->text, request->architecture, error));
    make_orders(t, request);
    r->train = memory_array(1, sizeof *r->train);
    r->validation = memory_array(1, sizeof *r->validation);
    TRY(r->train == NULL || r->validation == NULL ? fail_memory(error, "training") : HEED_OK);
done:
    return status;
}

static void release(sum_run *t)
{
    sum_fits_release(&t->fits);
    sum_held_release(&t->held);
    sum_text_release(&t->text);
    free(t);
}

/* The result, from parts that are trained. */
static heed_status make_result(sum_run *t, const sum_verdict *v, heed_error *error)
{
    heed_status status;
    *t->result->validation = v->parts == 1 ? v->first : v->sum;
    TRY(judge_training(t, v->parts, error));
    take_start(t, v->parts);
    if (t->data->validation.count == 0)
        TRY(sum_held_keep(&t->result->held, &t->held, &t->fits, v->parts, error));
    TRY(progress_tell_baseline(&t->progress, t->data->validation.count == 0 ? &t->result->held : NULL, error));
    TRY(v->parts == 1 ? make_first(t, error) : make_sum(t, error));
    progress_end_only_epoch(&t->progress, t->result);
done:
    return status;
}

static heed_status run_all(sum_run *t, const sum_request *request, sum_verdict *v, heed_error *error)
{
    uint32_t fits = t->text.count + compared(request);
    heed_status status;
    tell_parts(t, request->architecture);
    TRY(sum_fits_run(&t->fits, t->context, t->orders, fits, error));
    TRY(sum_held_judge(&t->held, &t->fits, t->text.count, error));
    *v = verdict_of(t, request);
    tell_weights(t, v);
    TRY(make_result(t, v, error));
    if (t->listener.stopped || t->progress.stopped)
        status = fail(error, HEED_STOPPED, "stopped before the last part was trained to its end");
done:
    return status;
}

heed_status sum_training_run(training_result *out, const training_context *context, const sum_request *request,
                             sum_verdict *verdict, heed_error *error)
{
    sum_run *t = memory_array(1, sizeof *t);
    heed_status status;
    if (t == NULL)
        return fail_memory(error, "training");
    *t = (sum_run){.context = context,
                   .data = context->data,
                   .result = out,
                   .progress = {.context = context, .epochs = 1, .watch = stopwatch_start()}};
    TRY(init(t, request, error));
    TRY(run_all(t, request, verdict, error));
done:
    out->stopped = t->listener.stopped || t->progress.stopped;
    release(t);
    return status;
}

/* ---- its class */

/* A model has one encoder: beside one that learns there is no other. */
static heed_status check_encoders(const sum_text *text, heed_error *error)
{
    uint32_t encoders = 0, trained = 0;
    for (uint32_t i = 0; i < text->count; i++) {
        encoders += architecture_has_encoder(text->text[i]);
        trained += architecture_trains_encoder(text->text[i]);
    }
    if (trained == 0 || encoders == 1)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "architecture: found %u parts on the encoder, of which %u train it, expected no other beside one that "
                "does: such as 'encoder trained | mean ; wide'",
                encoders, trained);
}

heed_status sum_training_check(const char *architecture, const heed_train_options *options, heed_error *error)
{
    sum_text text;
    bool network = false;
    heed_status status = sum_text_parse(&text, architecture, error);
    for (uint32_t i = 0; i < text.count && status == HEED_OK; i++) {
        part_order order;
        part_order_init(&order, options, text.text[i], NULL);
        network = network || order.class->starts;
        if (order.class->check != NULL)
            status = order.class->check(&order.options, error);
    }
    if (status == HEED_OK)
        status = check_encoders(&text, error);
    sum_text_release(&text);
    const char *found = options->vectors != NULL ? "--vectors" : options->init_from != NULL ? "--init-from" : NULL;
    if (status == HEED_OK && !network && found != NULL)
        return fail(error, HEED_USAGE,
                    "%s: no part of the sum is a network on words, which it is for; leave the option out", found);
    return status;
}

static heed_status check(const heed_train_options *options, heed_error *error)
{
    return sum_training_check(options->architecture, options, error);
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    const sum_request request = {.architecture = context->options->architecture};
    sum_verdict verdict;
    return sum_training_run(out, context, &request, &verdict, error);
}

const training_class sum_training = {.classifier = &sum_classifier,
                                     .starts = true,
                                     .crossfits = true,
                                     .check = check,
                                     .find_words = find_words_by_rows,
                                     .run = run};
