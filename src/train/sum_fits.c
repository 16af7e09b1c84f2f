#include "train/sum_fits.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "model/classifier.h"
#include "model/encoder_spec.h"
#include "model/model_history.h"
#include "network/network.h"
#include "train/cross_fit.h"

static bool holds_out(const sum_fits *f)
{
    return f->context->data->validation.count == 0;
}

static heed_status allocate(sum_fits *f, heed_error *error)
{
    size_t numbers = f->held->count * f->outputs, unknown = f->context->data->unknown.count * f->outputs;
    bool fine = (f->answered = memory_array(f->held->count, sizeof *f->answered)) != NULL;
    fine = (f->place = memory_array(f->context->corpus->row_count, sizeof *f->place)) != NULL && fine;
    for (uint32_t p = 0; p < f->parts && fine; p++) {
        f->z[p] = memory_array(numbers, sizeof(double));
        f->unknown_z[p] = memory_array(unknown, sizeof(double));
        fine = f->z[p] != NULL && f->unknown_z[p] != NULL;
    }
    for (uint32_t i = 0; i < f->held->count && fine; i++)
        f->place[f->held->row[i]] = i;
    return fine ? HEED_OK : fail_memory(error, "the logits of held-out rows");
}

void sum_fits_release(sum_fits *f)
{
    for (uint32_t p = 0; p < f->parts; p++) {
        free(f->z[p]);
        free(f->unknown_z[p]);
        part_fit_release(&f->fits[p]);
    }
    vocabulary_release(&f->words);
    free(f->answered);
    free(f->place);
    free(f->fold);
    pool_free(f->workers);
    *f = (sum_fits){.parts = 0};
}

/* ---- logits */

/* The part's logits of its validation rows. */
static heed_status answer_validation(sum_fits *f, uint32_t part, heed_error *error)
{
    const part_fit *fit = &f->fits[part];
    const examples *rows = &fit->data.validation;
    size_t K = f->outputs;
    double *z = memory_array(rows->count * K, sizeof *z);
    heed_status status;
    TRY(z == NULL ? fail_memory(error, "the logits of held-out rows") : HEED_OK);
    TRY(example_logits(z, fit->model, rows, f->workers, error));
    for (uint32_t i = 0; i < rows->count; i++) {
        uint32_t place = f->place[rows->row[i]];
        f->answered[place]++;
        for (size_t k = 0; k < K; k++)
            f->z[part][place * K + k] = z[i * K + k];
    }
    TRY(example_logits(f->unknown_z[part], fit->model, &fit->data.unknown, f->workers, error));
done:
    free(z);
    return status;
}

/* Logits whose softmax or sigmoid this is. A float is 1 from 1 - 2^-25 on. */
static double logit_of(float probability, bool softmax)
{
    double p = fmax((double)probability, 1e-30);
    return softmax ? log(p) : log(p) - log(fmax(1 - (double)probability, 1e-8));
}

/* The logits of the rows that a part held out by itself. */
static void answer_held(sum_fits *f, uint32_t part)
{
    const part_fit *fit = &f->fits[part];
    const held_out *held = &fit->held;
    bool softmax = f->context->data->task == HEED_TASK_MULTICLASS;
    size_t K = f->outputs;
    for (uint32_t i = 0; i < held->count; i++) {
        uint32_t place = f->place[fit->data.train.row[held->row[i]]];
        f->answered[place]++;
        for (size_t k = 0; k < K; k++)
            f->z[part][place * K + k] = logit_of(held->probability[i * K + k], softmax);
    }
}

/* ---- the split that is given */

/* The rows that validate, known labels or not. */
static heed_status given_split(split *out, const training_data *d, heed_error *error)
{
    uint32_t known = 0, unknown = 0, count = training_data_validating(d);
    *out = (split){.train = d->train.row,
                   .train_count = d->train.count,
                   .validation = memory_array(count, sizeof *out->validation),
                   .validation_count = count};
    if (out->validation == NULL)
        return fail_memory(error, "a split");
    for (uint32_t i = 0; i < count; i++) {
        bool first = unknown == d->unknown.count ||
                     (known < d->validation.count && d->validation.row[known] < d->unknown.row[unknown]);
        out->validation[i] = first ? d->validation.row[known++] : d->unknown.row[unknown++];
    }
    return HEED_OK;
}

static heed_status fit_given(sum_fits *f, uint32_t part, const split *given, const vocabulary *words, heed_error *error)
{
    heed_status status = part_fit_run(&f->fits[part], &f->orders[part], f->context->corpus, given, words, error);
    return status == HEED_OK && !holds_out(f) ? answer_validation(f, part, error) : status;
}

/* ---- networks: fold by fold, then all rows */

static bool crossfits(const sum_fits *f, uint32_t part)
{
    return f->orders[part].class->crossfits;
}

static heed_status fit_fold(sum_fits *f, uint32_t part, const folded_rows *rows, uint32_t fold, heed_error *error)
{
    split parts;
    heed_status status = inner_split(&parts, f->context->corpus, rows, fold, error);
    if (status == HEED_OK && parts.validation_count > 0) {
        part_fit_release(&f->fits[part]);
        status = part_fit_run(&f->fits[part], &f->orders[part], f->context->corpus, &parts, NULL, error);
        if (status == HEED_OK)
            status = answer_validation(f, part, error);
    }
    split_release(&parts);
    return status;
}

/* What the fits of a network on all but a fold kept. */
typedef struct kept_fits {
    unsigned fits, epochs, means; /* epochs: their sum */
} kept_fits;

/* A network that was fitted again shows the epochs of its first fit, which rows were held out of. */
static void show_first(part_fit *fit, heed_model *first)
{
    if (first != NULL && fit->model != NULL)
        model_history_move(fit->model, first);
    heed_model_free(first);
}

/* As many epochs as were kept in the middle, and the mean of the weights if at least half of the fits kept that. A
 * training that was stopped is not begun again. */
static heed_status fit_again(sum_fits *f, uint32_t part, kept_fits kept, heed_error *error)
{
    const training_data *d = f->context->data;
    const split all = {.train = d->train.row, .train_count = d->train.count};
    part_order *o = &f->orders[part];
    if (kept.fits == 0)
        return fail(error, HEED_BAD_DATA,
                    "found too few different texts per label to hold some out for the weights of the parts, expected "
                    "at least two of one label; use one part, such as --architecture wide");
    if (f->fits[part].stopped)
        return HEED_OK;
    o->context.last_epoch = (kept.epochs + kept.fits / 2) / kept.fits;
    o->options.keep = HEED_KEEP_LAST;
    if (2 * kept.means < kept.fits)
        o->options.average_weights = 0;
    o->options.patience = 0;
    o->options.validation = HEED_VALIDATION_NONE;
    part_fit_release(&f->fits[part]);
    return part_fit_run(&f->fits[part], o, f->context->corpus, &all, NULL, error);
}

/* One fold is enough for an encoder that learns, which takes long. */
static bool holds_one_fold(const sum_fits *f)
{
    bool network = false;
    for (uint32_t p = 0; p < f->parts; p++) {
        if (architecture_trains_encoder(f->orders[p].options.architecture))
            return true;
        network = network || !crossfits(f, p); /* which answers no other fold */
    }
    return f->held->count > (network ? HELD_IN_TURN : MANY_ROWS);
}

static heed_status fit_folds(sum_fits *f, uint32_t part, heed_error *error)
{
    const examples *e = f->held;
    const folded_rows rows = {e->row, f->fold, e->count};
    const part_fit *fit = &f->fits[part];
    heed_model *first = NULL;
    kept_fits kept = {0};
    heed_status status = HEED_OK;
    for (uint32_t i = 0; i < (holds_one_fold(f) ? 1 : CROSS_FIT_FOLDS) && !fit->stopped; i++) {
        TRY(fit_fold(f, part, &rows, i, error));
        if (fit->model == NULL)
            continue;
        kept.fits++;
        kept.epochs += fit->model->config.training.epoch_kept;
        kept.means += fit->mean_kept;
        if (first == NULL && !fit->stopped) {
            first = fit->model;
            f->fits[part].model = NULL;
        }
    }
    TRY(fit_again(f, part, kept, error));
done:
    show_first(&f->fits[part], first);
    return status;
}

/* Rows that are about one thing are held out together: random rows would flatter networks (likeness.h). */
static heed_status draw_folds(sum_fits *f, heed_error *error)
{
    const examples *e = f->held;
    f->fold = memory_array(e->count, sizeof *f->fold);
    return f->fold == NULL ? fail_memory(error, "folds")
                           : split_within_grouped(f->fold, f->context->corpus, e->row, e->count, CROSS_FIT_FOLDS,
                                                  f->context->options->seed, error);
}

static heed_status fit_networks(sum_fits *f, const split *given, heed_error *error)
{
    heed_status status = HEED_OK;
    for (uint32_t p = 0; p < f->parts; p++)
        if (!crossfits(f, p))
            TRY(holds_out(f) ? fit_folds(f, p, error) : fit_given(f, p, given, NULL, error));
done:
    return status;
}

/* ---- other parts */

/* The words that the first part which spells words finds in all training rows; none without such a part. */
static heed_status find_spelled(vocabulary *out, const sum_fits *f, const split *given, heed_error *error)
{
    training_data found = {0};
    heed_status status = HEED_OK;
    for (uint32_t p = 0; p < f->parts && found.words.size == 0 && status == HEED_OK; p++)
        if (f->orders[p].class->classifier->spells_words)
            status = f->orders[p].class->find_words(&found, f->context->corpus, given, &f->orders[p].options, error);
    *out = found.words;
    return status;
}

static heed_status join_words(sum_fits *f, const vocabulary *spelled, heed_error *error)
{
    const vocabulary *all[MOST_FITS + 1];
    size_t count = 0;
    if (spelled->size > 0)
        all[count++] = spelled;
    for (uint32_t p = 0; p < f->parts; p++)
        if (f->fits[p].model != NULL && !f->orders[p].class->classifier->spells_words)
            all[count++] = &f->fits[p].model->words;
    return vocabulary_join(&f->words, all, count, error);
}

static heed_status fit_other(sum_fits *f, uint32_t part, const split *given, heed_error *error)
{
    bool spells = f->orders[part].class->classifier->spells_words;
    training_context *c = &f->orders[part].context;
    c->crossfits = holds_out(f);
    c->fold_of_row = f->fold;
    c->one_fold = holds_one_fold(f);
    c->only_held = holds_out(f) && f->orders[part].number == 0;
    heed_status status = fit_given(f, part, given, spells ? &f->words : NULL, error);
    if (status == HEED_OK && holds_out(f))
        answer_held(f, part);
    return status;
}

/* Parts that spell words have those of all parts, so they come last. */
static heed_status fit_others(sum_fits *f, const split *given, heed_error *error)
{
    vocabulary spelled = {0};
    heed_status status = HEED_OK;
    for (uint32_t p = 0; p < f->parts; p++)
        if (crossfits(f, p) && !f->orders[p].class->classifier->spells_words)
            TRY(fit_other(f, p, given, error));
    TRY(find_spelled(&spelled, f, given, error));
    TRY(join_words(f, &spelled, error));
    for (uint32_t p = 0; p < f->parts; p++)
        if (f->orders[p].class->classifier->spells_words)
            TRY(fit_other(f, p, given, error));
done:
    vocabulary_release(&spelled);
    return status;
}

heed_status sum_fits_run(sum_fits *out, const training_context *context, part_order *orders, uint32_t parts,
                         heed_error *error)
{
    const training_data *d = context->data;
    split given = {0};
    heed_status status;
    *out = (sum_fits){.context = context,
                      .orders = orders,
                      .parts = parts,
                      .held = d->validation.count > 0 ? &d->validation : &d->train,
                      .outputs = task_outputs(d->task, d->label_count)};
    TRY(allocate(out, error));
    TRY(pool_new(&out->workers, context->options->threads, error));
    TRY(given_split(&given, d, error));
    if (holds_out(out))
        TRY(draw_folds(out, error));
    TRY(fit_networks(out, &given, error));
    TRY(fit_others(out, &given, error));
done:
    free(given.validation);
    return status;
}
