#include "train/training_progress.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"

void progress_tell(training_progress *p, heed_event event)
{
    const heed_listener *listener = p->context->listener;
    event.epochs = p->epochs;
    event.fold = p->context->fold;
    event.folds = p->context->folds;
    event.seconds = stopwatch_seconds(&p->watch);
    if (listener != NULL && listener->on_event(listener->user, &event) != 0)
        p->stopped = true;
}

void progress_note(training_progress *p, const char *note)
{
    progress_tell(p, (heed_event){.stage = HEED_STAGE_NOTE, .note = note});
}

void progress_warning(training_progress *p, heed_warning kind, const char *warning)
{
    progress_tell(p, (heed_event){.stage = HEED_STAGE_WARNING, .warning = kind, .note = warning});
}

bool progress_due(training_progress *p, uint64_t done, uint64_t total)
{
    return p->context->listener != NULL && (stopwatch_due(&p->watch) || done >= total);
}

/* ---- the baseline: always answering the commonest label; multilabel: the labels that more than half of the rows have
 */

static void write_commonest(char *note, size_t size, const training_context *c, const uint32_t *rows)
{
    uint32_t commonest = 0, count = training_data_validating(c->data);
    for (uint32_t i = 0; i < c->data->label_count; i++)
        commonest = rows[i] > rows[commonest] ? i : commonest;
    snprintf(note, size, "validation: always predicting '%.60s' has accuracy %.4f", c->corpus->labels[commonest],
             (double)rows[commonest] / count);
}

static void write_majorities(char *note, size_t size, const training_context *c, const uint32_t *rows)
{
    uint32_t count = c->data->validation.count;
    double right = 0;
    for (uint32_t i = 0; i < c->data->label_count; i++)
        right += rows[i] > count - rows[i] ? rows[i] : count - rows[i];
    snprintf(note, size, "validation: always predicting the same labels has accuracy %.4f at best, label by label",
             right / ((double)count * c->data->label_count + (double)c->data->missed));
}

static void tell_unjudged(training_progress *p)
{
    const heed_train_options *o = p->context->options;
    if (o->validation != HEED_VALIDATION_NONE)
        progress_warning(p, HEED_WARNING_NO_VALIDATION,
                         "too few different texts per label to keep some for validation: epochs cannot be compared");
    if (o->schedule == HEED_SCHEDULE_PLATEAU)
        progress_warning(p, HEED_WARNING_SCHEDULE,
                         "no validation rows: the plateau schedule leaves the learning rate as it is");
}

heed_status progress_tell_baseline(training_progress *p, heed_error *error)
{
    const training_context *c = p->context;
    const examples *e = &c->data->validation;
    char note[256];
    if (c->folds > 0 || c->part)
        return HEED_OK;
    if (e->count == 0) {
        tell_unjudged(p);
        return HEED_OK;
    }
    uint32_t *rows = memory_array(c->data->label_count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "labels");
    for (size_t i = 0; i < e->first_label[e->count]; i++)
        rows[e->labels[i]]++;
    if (c->data->task == HEED_TASK_MULTILABEL)
        write_majorities(note, sizeof note, c, rows);
    else
        write_commonest(note, sizeof note, c, rows);
    free(rows);
    progress_note(p, note);
    return HEED_OK;
}
