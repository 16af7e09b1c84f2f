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

void progress_end_only_epoch(training_progress *p, training_result *r)
{
    r->epochs_run = r->epoch_kept = 1;
    if (!p->context->part)
        progress_tell(p, (heed_event){.stage = HEED_STAGE_EPOCH,
                                      .epoch = 1,
                                      .train = r->train,
                                      .validation = r->validation,
                                      .best = true,
                                      .held_out = r->held.count > 0});
}

bool progress_due(training_progress *p, uint64_t done, uint64_t total)
{
    return p->context->listener != NULL && (stopwatch_due(&p->watch) || done >= total);
}

/* ---- the baseline: always answering the commonest label; multilabel: the labels that more than half of the rows have
 */

typedef struct judged_rows {
    const examples *rows; /* which have known labels */
    const held_out *held; /* these of them; NULL: all */
    uint32_t count;       /* of them */
    uint32_t all;         /* with those whose labels are not known */
    uint64_t missed;      /* labels that are not known */
    const char *name;
} judged_rows;

static judged_rows judged_rows_of(const training_data *d, const held_out *held)
{
    return held == NULL ? (judged_rows){&d->validation, NULL,        d->validation.count, training_data_validating(d),
                                        d->missed,      "validation"}
                        : (judged_rows){&d->train, held, held->count, held->count, 0, "held out"};
}

static void count_labels(uint32_t *rows, const judged_rows *j)
{
    for (uint32_t i = 0; i < j->count; i++) {
        uint32_t count;
        const uint32_t *labels = examples_labels(j->rows, j->held == NULL ? i : j->held->row[i], &count);
        for (uint32_t k = 0; k < count; k++)
            rows[labels[k]]++;
    }
}

static void write_commonest(char *note, size_t size, const training_context *c, const judged_rows *j,
                            const uint32_t *rows)
{
    uint32_t commonest = 0;
    for (uint32_t i = 0; i < c->data->label_count; i++)
        commonest = rows[i] > rows[commonest] ? i : commonest;
    snprintf(note, size, "%s: always predicting '%.60s' has accuracy %.4f", j->name, c->corpus->labels[commonest],
             (double)rows[commonest] / j->all);
}

static void write_majorities(char *note, size_t size, const training_context *c, const judged_rows *j,
                             const uint32_t *rows)
{
    double right = 0;
    for (uint32_t i = 0; i < c->data->label_count; i++)
        right += rows[i] > j->count - rows[i] ? rows[i] : j->count - rows[i];
    snprintf(note, size, "%s: always predicting the same labels has accuracy %.4f at best, label by label", j->name,
             right / ((double)j->count * c->data->label_count + (double)j->missed));
}

static void tell_unjudged(training_progress *p, const held_out *held)
{
    const heed_train_options *o = p->context->options;
    if (held != NULL)
        progress_warning(p, HEED_WARNING_NO_VALIDATION,
                         "too few different texts to hold some out: nothing tells how good the model is");
    else if (o->validation != HEED_VALIDATION_NONE)
        progress_warning(p, HEED_WARNING_NO_VALIDATION,
                         "too few different texts per label to keep some for validation: epochs cannot be compared");
    if (o->schedule == HEED_SCHEDULE_PLATEAU)
        progress_warning(p, HEED_WARNING_SCHEDULE,
                         "no validation rows: the plateau schedule leaves the learning rate as it is");
}

heed_status progress_tell_baseline(training_progress *p, const held_out *held, heed_error *error)
{
    const training_context *c = p->context;
    const judged_rows judged = judged_rows_of(c->data, held);
    char note[256];
    if (c->folds > 0 || c->part)
        return HEED_OK;
    if (judged.count == 0) {
        tell_unjudged(p, held);
        return HEED_OK;
    }
    uint32_t *rows = memory_array(c->data->label_count, sizeof *rows);
    if (rows == NULL)
        return fail_memory(error, "labels");
    count_labels(rows, &judged);
    if (c->data->task == HEED_TASK_MULTILABEL)
        write_majorities(note, sizeof note, c, &judged, rows);
    else
        write_commonest(note, sizeof note, c, &judged, rows);
    free(rows);
    progress_note(p, note);
    return HEED_OK;
}
