#include "train/recipe_training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "data/encoded_states.h"
#include "model/encoder_spec.h"
#include "model/part_table.h"
#include "model/sum_classifier.h"
#include "model/sum_text.h"
#include "train/fine_tuning.h"
#include "train/recipe.h"
#include "train/sum_training.h"
#include "train/training_progress.h"
#include "train/training_result.h"
#include "train/training_words.h"

static const char baseline[] = "linear";

static architecture_recipe recipe_of(const heed_train_options *options)
{
    return architecture_recipe_of(options->architecture);
}

/* A recipe is not a way to go on with a model, whose architecture is known. */
static heed_status check(const heed_train_options *options, heed_error *error)
{
    heed_status status = heed_architecture_check(options->architecture, error);
    if (status == HEED_OK && options->init_from != NULL)
        return fail(error, HEED_USAGE,
                    "--init-from: found a model to start from and '%.60s', expected the architecture of the model",
                    options->architecture);
    return status;
}

/* "wide", "wide and a network", "the encoder, wide and a network on its states": what the parts are. */
static heed_status name_parts(char *out, size_t size, const char *architecture, heed_error *error)
{
    sum_text parts;
    size_t used = 0;
    heed_status status = sum_text_parse(&parts, architecture, error);
    for (uint32_t i = 0; i < parts.count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 i == 0                ? ""
                                 : i + 1 < parts.count ? ", "
                                                       : " and ",
                                 part_name(parts.text[i]));
    sum_text_release(&parts);
    return status;
}

static heed_status tell_choice(training_progress *p, const char *architecture, heed_error *error)
{
    char note[300], rows[NUMBER_TEXT], parts[100];
    const training_data *d = p->context->data;
    heed_status status = name_parts(parts, sizeof parts, architecture, error);
    if (status != HEED_OK)
        return status;
    snprintf(note, sizeof note, "recipe %s, for %s training rows of %.0f words: %s",
             recipe_name(recipe_of(p->context->options)), number_thousands(rows, d->train.count), d->mean_tokens,
             parts);
    progress_note(p, note);
    return HEED_OK;
}

/* "accuracy on 4,000 held-out rows: 0.8012 with the network; 0.7900 wide alone; 0.7730 linear, the baseline"; where the
 * encoder learned also what it says as it is. */
static void tell_figures(training_progress *p, const sum_verdict *v, const char *architecture)
{
    char note[400], rows[NUMBER_TEXT], sum[100] = "", rival[60] = "";
    bool held = p->context->data->validation.count == 0, encoder = p->context->corpus->encoder != NULL;
    if (architecture_is_sum(architecture))
        snprintf(sum, sizeof sum, "%.4f %s%s; ", v->sum.accuracy, encoder ? "with all parts" : "with the network",
                 v->parts > 1 ? ""
                 : encoder    ? ", of which the first is kept"
                              : ", which is left out");
    if (architecture_trains_encoder(architecture))
        snprintf(rival, sizeof rival, "%.4f the encoder as it is; ", v->rival.accuracy);
    snprintf(note, sizeof note, "accuracy on %s %s rows: %s%.4f %s alone; %s%.4f linear, the baseline",
             number_thousands(rows, v->rows), held ? "held-out" : "validation", sum, v->first.accuracy,
             part_name(architecture), rival, v->baseline.accuracy);
    progress_note(p, note);
}

static heed_status record(training_result *out, architecture_recipe recipe, const sum_verdict *v, heed_error *error)
{
    const char *name = recipe_name(recipe);
    out->recipe = (recipe_record){.name = memory_copy(name, strlen(name)),
                                  .rows = v->rows,
                                  .accuracy = v->parts == 1 ? v->first.accuracy : v->sum.accuracy,
                                  .wide_accuracy = v->first.accuracy,
                                  .linear_accuracy = v->baseline.accuracy};
    return out->recipe.name == NULL ? fail_memory(error, "a model") : HEED_OK;
}

/* Whether the encoder may learn from the rows, as far as their work goes. */
static bool may_learn(const training_context *context, uint32_t room)
{
    const examples *e = &context->data->train;
    const encoder *net = context->corpus->encoder->net;
    double tokens = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        uint32_t own = 0;
        for (size_t t = e->first[i]; t < e->first[i + 1]; t++)
            own += id_is_subword(e->ids[t]);
        tokens += own < room ? own : room;
    }
    return encoder_has_attention(net) && context->corpus->options.save_as == HEED_PRECISION_FLOAT32 &&
           (recipe_of(context->options) == RECIPE_BEST ||
            fine_tuning_work(context->options, &net->config, e->count, tokens) <= RECIPE_MOST_WORK);
}

/* A network on states reads one stretch of a text. */
static recipe_facts find_facts(const training_context *context)
{
    const heed_corpus *c = context->corpus;
    recipe_facts facts = {.rows = context->data->train.count, .encoder = c->encoder != NULL};
    if (!facts.encoder || c->options.stretches > 1)
        return facts;
    const state_key key = {shared_encoder_room(c->encoder, c->options.max_length), c->options.cut};
    facts.states = encoded_states_fit(c, &key);
    facts.learns = may_learn(context, key.length);
    return facts;
}

/* Whether held-out rows say that the encoder as it is answers better than what was trained: by more than such a share
 * of so few rows may be by chance. */
static bool rival_wins(const sum_verdict *v)
{
    const double found = v->parts == 1 ? v->first.accuracy : v->sum.accuracy;
    return v->rows > 0 && v->rival.accuracy - found > 1 / sqrt((double)v->rows);
}

/* Trains one architecture, and tells and records what held-out rows say of it. */
static heed_status run_one(training_result *out, const training_context *context, const recipe_facts *facts,
                           sum_verdict *verdict, heed_error *error)
{
    architecture_recipe recipe = recipe_of(context->options);
    training_progress progress = {.context = context, .epochs = 1, .watch = stopwatch_start()};
    const sum_request request = {.architecture = recipe_architecture(recipe, facts),
                                 .baseline = baseline,
                                 .rival = facts->learns ? heed_recipe_encoder() : NULL,
                                 .may_drop = recipe_asks_rows(recipe)};
    heed_status status = tell_choice(&progress, request.architecture, error);
    if (status != HEED_OK)
        return status;
    status = sum_training_run(out, context, &request, verdict, error);
    if (out->epochs_run == 0)
        return status;
    tell_figures(&progress, verdict, request.architecture);
    heed_status recorded = record(out, recipe, verdict, error);
    return recorded != HEED_OK ? recorded : status;
}

static heed_status run(training_result *out, const training_context *context, heed_error *error)
{
    training_progress progress = {.context = context, .epochs = 1, .watch = stopwatch_start()};
    recipe_facts facts = find_facts(context);
    const classifier_class *class = out->class;
    sum_verdict verdict = {.rows = 0};
    heed_status status = run_one(out, context, &facts, &verdict, error);
    if (status != HEED_OK || !facts.learns || !rival_wins(&verdict))
        return status;
    progress_note(&progress, "held-out rows say that the encoder is better left as it is");
    training_result_release(out);
    out->class = class;
    facts.learns = false;
    return run_one(out, context, &facts, &verdict, error);
}

const training_class recipe_training = {.classifier = &sum_classifier,
                                        .starts = true,
                                        .crossfits = true,
                                        .chooses = true,
                                        .check = check,
                                        .find_words = find_words_by_rows,
                                        .run = run};
