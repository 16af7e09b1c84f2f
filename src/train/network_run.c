#include "train/network_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "encoder/encoder_weights.h"
#include "model/encoder_spec.h"
#include "network/network.h"
#include "train/warm_start.h"

static heed_status allocate_rows(network_run *t, heed_error *error)
{
    unsigned batch = t->options->batch_size, epochs = t->options->epochs;
    size_t rows = batch > SCORED_ROWS ? batch : SCORED_ROWS, outputs = t->trained->net->spec.outputs;
    training_result *r = t->result;
    t->rows = memory_array(rows, sizeof *t->rows);
    t->probability = memory_array(rows * outputs, sizeof *t->probability);
    t->target = memory_array(outputs, sizeof *t->target);
    t->order = memory_array(t->data->train.count, sizeof *t->order);
    r->train = memory_array(epochs, sizeof *r->train);
    r->validation = memory_array(epochs, sizeof *r->validation);
    return t->rows && t->probability && t->target && t->order && r->train && r->validation
               ? HEED_OK
               : fail_memory(error, "training");
}

static heed_status make(network_run *t, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = t->data;
    const heed_train_options *o = t->options;
    const shared_encoder *e = d->window.reads == READS_SUBWORDS ? corpus->encoder : NULL;
    network_spec spec = {.architecture = o->architecture,
                         .vocabulary = d->words.size,
                         .window = d->window.length,
                         .outputs = task_outputs(d->task, d->label_count),
                         .mask = o->mask,
                         .pad_behind = corpus->options.pad == HEED_PAD_POST,
                         .task = d->task};
    const trainer_options with = {.batch_rows = (int)(o->batch_size < d->train.count ? o->batch_size : d->train.count),
                                  .seed = o->seed,
                                  .optimizer = {o->optimizer, o->weight_decay, o->momentum, o->clip_norm}};
    heed_status status;
    t->plan = (schedule){o->schedule, o->learning_rate, o->warmup, o->epochs,
                         (d->train.count + o->batch_size - 1) / o->batch_size};
    if (e != NULL) {
        TRY(architecture_on_encoder(&t->result->architecture, o->architecture, e, error));
        spec.architecture = t->result->architecture;
        spec.encoder_width = (uint32_t)shared_encoder_width(e);
    }
    TRY(trained_network_new(&t->trained, &spec, error));
    t->result->trained = t->trained;
    TRY(pool_new(&t->workers, o->threads, error));
    TRY(trainer_new(&t->trainer, t->trained->net, t->workers, &with, error));
    TRY(scorer_new(&t->scorer, t->trained->net, t->workers, SCORED_ROWS, error));
    TRY(trained_network_allocate(t->trained, error));
    TRY(mean_weights_init(&t->mean, o->average_weights, t->trained->net->weight_count, error));
    TRY(allocate_rows(t, error));
    trainer_shape_loss(t->trainer, o->label_smoothing, d->class_weight);
done:
    return status;
}

/* An embedding that is random after all is not frozen. */
static heed_status start_from_vectors(network_run *t, heed_error *error)
{
    const training_context *c = t->progress.context;
    const embedding_start start = {trainer_weights(t->trainer), t->trained->net, &t->data->words, &t->data->train,
                                   c->corpus};
    pretrained *p = &t->result->pretrained;
    t->result->frozen_epochs = t->options->frozen_epochs;
    if (t->options->vectors == NULL)
        return HEED_OK;
    heed_status status = pretrained_load(p, &start, t->options, c->listener, error);
    if (status != HEED_OK)
        return status;
    if (p->few_rows && t->options->init_from == NULL)
        t->result->frozen_epochs = 0;
    trainer_restart(t->trainer);
    if (p->few_rows)
        progress_warning(&t->progress, HEED_WARNING_VECTORS, p->note);
    else
        progress_note(&t->progress, p->note);
    return HEED_OK;
}

static heed_status start_from_model(network_run *t, const heed_corpus *corpus, heed_error *error)
{
    const training_data *d = t->data;
    const warm_start start = {.weights = trainer_weights(t->trainer),
                              .net = t->trained->net,
                              .words = &d->words,
                              .labels = {corpus->labels, d->label_count, d->positive}};
    char note[WARM_START_NOTE];
    if (t->options->init_from == NULL)
        return HEED_OK;
    heed_status status = warm_start_weights(note, &start, t->options->init_from, error);
    if (status != HEED_OK)
        return status;
    trainer_restart(t->trainer);
    progress_note(&t->progress, note);
    return HEED_OK;
}

static void tell_sizes(network_run *t)
{
    const training_data *d = t->data;
    const shared_encoder *e = t->progress.context->corpus->encoder;
    size_t parameters = t->trained->net->weight_count;
    char note[256], read[100];
    if (architecture_trains_encoder(t->options->architecture))
        parameters += encoder_weights_numbers(&e->net->config, ENCODER_LEARNING_WEIGHTS);
    if (d->window.reads == READS_SUBWORDS)
        snprintf(read, sizeof read, "states of %s", e->name);
    else
        snprintf(read, sizeof read, "vocabulary of %u", d->words.size);
    snprintf(note, sizeof note, "%u training rows, %u validation rows; %s, texts of at most %u tokens; %zu parameters",
             d->train.count, training_data_validating(d), read, d->window.length, parameters);
    progress_note(&t->progress, note);
}

void network_run_release(network_run *t)
{
    encoder_trainer_free(t->encoder);
    trainer_free(t->trainer);
    scorer_free(t->scorer);
    training_states_release(&t->states);
    pool_free(t->workers);
    free(t->rows);
    free(t->probability);
    free(t->target);
    free(t->order);
    mean_weights_release(&t->mean);
}

static int by_length(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The most tokens that a batch may have: those of the longest rows. */
static heed_status largest_batch(size_t *out, const network_run *t, const shared_encoder *e, heed_error *error)
{
    const examples *rows = &t->data->train;
    size_t *length = memory_array(rows->count, sizeof *length);
    *out = 0;
    if (length == NULL)
        return fail_memory(error, "training");
    for (uint32_t i = 0; i < rows->count; i++)
        length[i] = rows->first[i + 1] - rows->first[i] + tokenizer_around(e->words);
    qsort(length, rows->count, sizeof *length, by_length);
    for (uint32_t i = 0; i < rows->count && i < t->options->batch_size; i++)
        *out += length[i];
    free(length);
    return HEED_OK;
}

static void tell_tuning(network_run *t)
{
    const heed_train_options *o = t->options;
    char note[256];
    snprintf(note, sizeof note,
             "the encoder learns: %u epochs of %llu steps, %u rows each; learning rates %g, of the layers on it %g",
             o->epochs, (unsigned long long)t->plan.epoch_steps, o->batch_size, t->tuning.encoder_rate,
             o->learning_rate);
    progress_note(&t->progress, note);
}

/* What the encoder's training may take: as asked, or half of what is free. */
static uint64_t memory_for(const heed_train_options *o)
{
    enum { MEGABYTE = 1000000 };
    return o->memory > 0 ? (uint64_t)o->memory * MEGABYTE : memory_free() / 2;
}

static heed_status tell_memory(network_run *t, heed_error *error)
{
    const encoder_memory m = encoder_trainer_memory(t->encoder);
    const double megabytes = (double)m.bytes / 1e6;
    char note[160];
    if (t->options->memory > 0 && m.bytes > memory_for(t->options))
        return fail(error, HEED_USAGE, "--memory: found %u MB, expected at least %.0f for the longest batch",
                    t->options->memory, ceil(megabytes));
    snprintf(note, sizeof note, "memory for it: %.0f MB%s", megabytes,
             m.again ? "; blocks are computed again on the way back, a third more work" : "");
    progress_note(&t->progress, note);
    return HEED_OK;
}

static heed_status make_encoder(network_run *t, const shared_encoder *e, heed_error *error)
{
    const heed_train_options *o = t->options;
    const encoder_steps how = {
        .optimizer = {o->optimizer, o->weight_decay, o->momentum, o->clip_norm},
        .layer_decay = o->layer_decay,
        .memory = memory_for(o),
        .dropout = {.hidden = o->encoder_dropout, .attention = o->attention_dropout, .seed = o->seed}};
    size_t tokens;
    heed_status status;
    TRY(largest_batch(&tokens, t, e, error));
    TRY(encoder_trainer_new(&t->encoder, e, tokens, t->workers, &how, error));
    tell_tuning(t);
    TRY(tell_memory(t, error));
    status =
        training_states_of(&t->states, encoder_trainer_encoder(t->encoder), t->data->window.length, t->workers, error);
done:
    return status;
}

heed_status network_run_prepare(network_run *t, heed_error *error)
{
    const heed_corpus *corpus = t->progress.context->corpus;
    heed_status status;
    TRY(make(t, corpus, error));
    TRY(start_from_model(t, corpus, error));
    TRY(start_from_vectors(t, error));
    tell_sizes(t);
    status = architecture_trains_encoder(t->options->architecture)
                 ? make_encoder(t, corpus->encoder, error)
                 : training_states_init(&t->states, &t->progress, t->workers, error);
done:
    return status;
}
