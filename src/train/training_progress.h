/* What a training tells its listener. */
#ifndef TRAIN_TRAINING_PROGRESS_H
#define TRAIN_TRAINING_PROGRESS_H

#include "base/clock.h"
#include "train/training_class.h"

typedef struct training_progress {
    const training_context *context;
    unsigned epochs; /* at most */
    stopwatch watch; /* of the stage at hand */
    bool stopped;    /* by the listener */
} training_progress;

/* Tells an event, with epochs, fold and seconds filled in. */
void progress_tell(training_progress *p, heed_event event);
void progress_note(training_progress *p, const char *note);
/* Whether somebody wants to hear that so many rows of a stage are done: ten times a second, and at its end. */
bool progress_due(training_progress *p, uint64_t done, uint64_t total);
/* Tells what the validation accuracy has to be measured against, or that no epoch can be judged; not for folds. */
heed_status progress_tell_baseline(training_progress *p, heed_error *error);

#endif
