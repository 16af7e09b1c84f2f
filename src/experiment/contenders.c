#include "experiment/contenders.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "model/classifier_table.h"
#include "train/training_split.h"
#include "train/training_table.h"

/* ---- contenders */

static heed_status add(heed_comparison *c, const heed_train_options *options, const char *architecture,
                       const char *name, heed_error *error)
{
    size_t i = c->contender_count++;
    char *copy = memory_copy(architecture, strlen(architecture));
    c->names[i] = memory_copy(name, strlen(name));
    c->options[i] = *options;
    c->options[i].architecture = copy;
    training_measure_apart(&c->options[i]);
    if (!training_class_of(architecture)->starts) {
        c->options[i].vectors = NULL;
        c->options[i].init_from = NULL;
        c->options[i].frozen_epochs = 0;
    }
    c->contenders[i] = (heed_contender){.name = c->names[i], .architecture = copy};
    return copy == NULL || c->names[i] == NULL ? fail_memory(error, "a comparison") : HEED_OK;
}

/* A baseline has the options of the first contender. */
static heed_status add_baseline(heed_comparison *c, const heed_compare_options *o, const char *architecture,
                                heed_error *error)
{
    heed_status status = add(c, o->contenders[0], architecture, architecture, error);
    c->contenders[c->contender_count - 1].baseline = true;
    return status;
}

static heed_status add_without_attention(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    heed_status status = HEED_OK;
    char *first = NULL, *other = NULL;
    for (size_t i = 0; i < o->count; i++) {
        const char *architecture = o->contenders[i]->architecture;
        const classifier_class *class = classifier_class_of(architecture);
        if (class->without_attention == NULL || training_class_of(architecture)->chooses)
            continue;
        TRY(class->without_attention(&other, architecture, error));
        if (other == NULL) /* a network without attention is already there */
            goto done;
        if (first == NULL)
            first = other;
        else
            free(other);
        other = NULL;
    }
    if (first != NULL)
        TRY(add_baseline(c, o, first, error));
done:
    free(first);
    free(other);
    return status;
}

static heed_status add_linear(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    static const char linear[] = "linear";
    for (size_t i = 0; i < o->count; i++)
        if (classifier_class_of(o->contenders[i]->architecture) == classifier_class_of(linear))
            return HEED_OK;
    return add_baseline(c, o, linear, error);
}

static heed_status list_contenders(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    enum { BASELINES = 2 };
    heed_status status = HEED_OK;
    c->contenders = memory_array(o->count + BASELINES, sizeof *c->contenders);
    c->options = memory_array(o->count + BASELINES, sizeof *c->options);
    c->names = memory_array(o->count + BASELINES, sizeof *c->names);
    if (c->contenders == NULL || c->options == NULL || c->names == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < o->count; i++) {
        const char *architecture = o->contenders[i]->architecture, *name = o->names == NULL ? NULL : o->names[i];
        TRY(add(c, o->contenders[i], architecture, name == NULL ? architecture : name, error));
    }
    TRY(add_without_attention(c, o, error));
    TRY(add_linear(c, o, error));
done:
    return status;
}

/* ---- trials */

/* A deterministic training needs only one trial. */
static heed_status list_trials(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    c->trials = memory_array(c->contender_count * (size_t)o->seeds, sizeof *c->trials);
    c->problems = memory_array(c->contender_count * (size_t)o->seeds, sizeof *c->problems);
    c->validations = memory_array(c->contender_count * (size_t)o->seeds, sizeof *c->validations);
    if (c->trials == NULL || c->problems == NULL || c->validations == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < c->contender_count; i++) {
        heed_contender *contender = &c->contenders[i];
        contender->first = c->trial_count;
        contender->trials = training_class_of(contender->architecture)->deterministic ? 1 : o->seeds;
        for (size_t j = 0; j < contender->trials; j++, c->trial_count++)
            c->trials[c->trial_count] = (heed_trial){.name = contender->name,
                                                     .architecture = contender->architecture,
                                                     .seed = c->options[i].seed + j,
                                                     .status = HEED_STOPPED,
                                                     .problem = "not begun",
                                                     .validation = &c->validations[c->trial_count]};
    }
    return HEED_OK;
}

heed_status contenders_list(heed_comparison *c, const heed_compare_options *o, heed_error *error)
{
    heed_status status = list_contenders(c, o, error);
    return status == HEED_OK ? list_trials(c, o, error) : status;
}
