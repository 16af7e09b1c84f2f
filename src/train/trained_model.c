#include "train/trained_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/status.h"
#include "model/encoder_spec.h"
#include "network/architecture.h"
#include "network/batch.h"
#include "options/option_checks.h"
#include "options/option_structs.h"
#include "train/cross_fit.h"
#include "train/fine_tuning.h"

static char *text_copy(const char *text)
{
    return memory_copy(text, strlen(text));
}

/* What the corpus has from files, the model keeps: words of a file of stop words, and a tokenizer. An empty file counts
 * as none. */
static heed_status make_cleaner(heed_model *m, const heed_corpus *corpus, heed_error *error)
{
    const bool listed = corpus->stop_list_size > 0;
    if (listed && (m->stop_list = memory_copy(corpus->stop_list, corpus->stop_list_size)) == NULL)
        return fail_memory(error, "stop words");
    m->stop_list_size = corpus->stop_list_size;
    const heed_bytes stop_list = {m->stop_list, m->stop_list_size};
    return cleaner_new(&m->cleaner, &m->config.text,
                       &(cleaner_source){listed ? &stop_list : NULL, corpus->cleaner->tokenizer}, error);
}

static heed_status copy_text_options(heed_model *m, const heed_corpus *corpus, heed_error *error)
{
    heed_text_options *text = &m->config.text;
    bool listed = corpus->stop_list_size > 0;
    const char *named = listed ? "list" : corpus->stop_list == NULL ? corpus->options.stop_words : NULL;
    *text = corpus->options;
    text->stop_words = text->libraries = text->encoder = text->tokenizer = NULL;
    text->max_length = m->config.network.window;
    if ((m->class->whole_texts && !m->class->has_parts) || m->class->reads_subwords)
        text->max_words = 0;
    if (named != NULL && (text->stop_words = text_copy(named)) == NULL)
        return fail_memory(error, "a model");
    heed_status status = make_cleaner(m, corpus, error);
    if (status == HEED_OK && *m->cleaner->libraries != '\0' &&
        (text->libraries = text_copy(m->cleaner->libraries)) == NULL)
        status = fail_memory(error, "a model");
    return status;
}

/* The one that has learned, or that of the corpus, if the architecture has one. */
static heed_status take_encoder(heed_model *m, const heed_corpus *corpus, shared_encoder *learned, heed_error *error)
{
    encoder_record *record = &m->config.encoder;
    if (!architecture_has_encoder(m->config.network.architecture)) {
        m->config.text.stretches = 0;
        return HEED_OK;
    }
    m->encoder = shared_encoder_hold(learned != NULL ? learned : corpus->encoder);
    record->name = text_copy(m->encoder->name);
    record->digest = text_copy(m->encoder->digest);
    return record->name == NULL || record->digest == NULL ? fail_memory(error, "a model") : HEED_OK;
}

static heed_status copy_labels(heed_model *m, const heed_corpus *corpus, heed_error *error)
{
    uint32_t count = m->config.labels.count;
    m->labels = memory_array(count, sizeof *m->labels);
    for (uint32_t i = 0; i < count && m->labels != NULL; i++)
        if ((m->labels[i] = text_copy(corpus->labels[i])) == NULL)
            return fail_memory(error, "labels");
    return m->labels == NULL ? fail_memory(error, "labels") : HEED_OK;
}

/* Such as "fraction 0.2". Decimals are written by hand: printf's point depends on the locale, and the same training has
 * to give the same file everywhere. */
static void describe_part(char *text, size_t size, const heed_train_options *o)
{
    const char *drawn = o->validation == HEED_VALIDATION_LAST      ? "last"
                        : o->validation == HEED_VALIDATION_GROUPED ? RECORD_GROUPED
                                                                   : "fraction";
    int digits = 6;
    long millionths = lround(o->validation_fraction * 1e6);
    for (; digits > 1 && millionths % 10 == 0; millionths /= 10)
        digits--;
    snprintf(text, size, "%s 0.%0*ld", drawn, digits, millionths);
}

/* How the validation rows were chosen, or that a cross-fit held rows out. */
static void describe_validation(char *text, size_t size, const training_context *c, const held_out *held)
{
    const heed_train_options *o = c->options;
    bool given = split_is_fixed(c->corpus);
    if (held->count > 0)
        snprintf(text, size, RECORD_CROSS_FIT " %d", CROSS_FIT_FOLDS);
    else if (given || o->validation == HEED_VALIDATION_NONE || c->crossfits)
        snprintf(text, size, "%s", given ? "given" : "none");
    else
        describe_part(text, size, o);
}

/* The data's digest as 32 hexadecimal digits, how the validation rows were chosen, and other texts. */
static heed_status copy_texts(training_record *t, const training_context *c, const training_result *r,
                              heed_error *error)
{
    const heed_train_options *o = c->options;
    char digits[DIGEST_DIGITS], validation[64];
    digest_digits(digits, corpus_digest(c->corpus));
    describe_validation(validation, sizeof validation, c, &r->held);
    bool balanced = o->class_weights != NULL && strcmp(o->class_weights, "balanced") == 0;
    const struct {
        char **to;
        const char *text; /* NULL: none */
    } texts[] = {{&t->data_digest, digits},
                 {&t->validation, validation},
                 {&t->class_weights, o->class_weights == NULL ? NULL
                                     : balanced               ? "balanced"
                                                              : "file"}, /* not its path */
                 {&t->vectors_digest, r->pretrained.digest[0] == '\0' ? NULL : r->pretrained.digest}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text != NULL && (*texts[i].to = text_copy(texts[i].text)) == NULL)
            return fail_memory(error, "a model");
    return HEED_OK;
}

/* Vectors of a file are known by their digest, not by its name. */
static heed_status copy_options(training_record *t, const heed_train_options *o, const training_result *r,
                                heed_error *error)
{
    heed_train_options kept = *o;
    kept.frozen_epochs = r->frozen_epochs;
    if (t->vectors_digest == NULL || vectors_file(o->vectors) != NULL)
        kept.vectors = NULL;
    return options_copy_recorded(HEED_OPTIONS_TRAIN, &t->options, &kept, error);
}

/* Those of the training: a rule chooses some where an encoder learns. */
static heed_train_options options_used(const training_context *c)
{
    return architecture_trains_encoder(c->options->architecture) && !architecture_is_sum(c->options->architecture)
               ? fine_tuning_of(c->options, c->data->train.count).options
               : *c->options;
}

static heed_status fill_record(heed_model *m, const training_context *c, const training_result *r, heed_error *error)
{
    const heed_train_options used = options_used(c), *o = &used;
    heed_status status;
    training_record *t = &m->config.training;
    *t = (training_record){.rows = c->corpus->row_count,
                           .rows_train = c->data->train.count,
                           .rows_validation = training_data_validating(c->data),
                           .mean_tokens = c->data->mean_tokens,
                           .distinct_words = c->corpus->words.count,
                           .epochs_run = r->epochs_run,
                           .epoch_kept = r->epoch_kept,
                           .keep_best = o->keep == HEED_KEEP_BEST,
                           .stopped = r->stopped,
                           .vector_words = r->pretrained.words,
                           .vector_tokens = r->pretrained.token_share};
    TRY(copy_texts(t, c, r, error));
    TRY(copy_options(t, o, r, error));
    t->options.epochs = r->class->solver != NULL ? 1 : o->epochs;
    t->options.weight_decay = o->optimizer == HEED_OPTIMIZER_ADAMW ? o->weight_decay : 0;
    t->options.momentum = o->optimizer == HEED_OPTIMIZER_SGD ? o->momentum : 0;
done:
    return status;
}

static heed_status fill(heed_model *m, const training_context *c, const training_result *r, heed_error *error)
{
    const training_data *d = c->data;
    heed_status status;
    m->class = r->class;
    m->config.labels = (label_config){.task = d->task, .count = d->label_count, .positive = d->positive};
    m->config.network = (network_config){.mask = c->options->mask,
                                         .window = r->words.size > 0 ? r->window : d->recorded_window,
                                         .outputs = task_outputs(d->task, d->label_count),
                                         .rows_per_chunk = ROWS_PER_CHUNK};
    TRY(r->class->canonical(&m->config.network.architecture,
                            r->architecture != NULL ? r->architecture : c->options->architecture, error));
    TRY(copy_text_options(m, c->corpus, error));
    TRY(take_encoder(m, c->corpus, r->encoder, error));
    m->config.text.min_count = d->min_count;
    TRY(vocabulary_copy(&m->words, r->words.size > 0 ? &r->words : &d->words, error));
    TRY(copy_labels(m, c->corpus, error));
    TRY(fill_record(m, c, r, error));
    m->config.recipe = r->recipe;
    if (r->recipe.name != NULL && (m->config.recipe.name = text_copy(r->recipe.name)) == NULL)
        status = fail_memory(error, "a model");
done:
    return status;
}

const char *heed_model_ending(const heed_model *model)
{
    return model->ending[0] != '\0' ? model->ending : NULL;
}

heed_status trained_model_make(heed_model **out, const training_context *context, training_result *result,
                               heed_error *error)
{
    heed_model *m = memory_array(1, sizeof *m);
    heed_status status;
    *out = NULL;
    if (m == NULL)
        return fail_memory(error, "a model");
    TRY(fill(m, context, result, error));
    m->trained = result->trained;
    m->train = result->train;
    m->validation = result->validation;
    memcpy(m->ending, result->ending, sizeof m->ending);
    shared_encoder_release(result->encoder);
    free(result->architecture);
    free(result->recipe.name);
    vocabulary_release(&result->words);
    *result = (training_result){.held = result->held};
    *out = m;
    return HEED_OK;
done:
    heed_model_free(m);
    return status;
}
