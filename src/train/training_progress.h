/* What a training reports to its listener. */
#ifndef TRAIN_TRAINING_PROGRESS_H
#define TRAIN_TRAINING_PROGRESS_H

#include "base/clock.h"
#include "train/training_class.h"

typedef struct training_progress {
    const training_context *context;
    unsigned epochs; /* at most */
    stopwatch watch; /* of the current stage */
    bool stopped;    /* by the listener */
} training_progress;

/* Reports an event, with epochs, fold and seconds filled in. */
void progress_tell(training_progress *p, heed_event event);
void progress_note(training_progress *p, const char *note);
void progress_warning(training_progress *p, heed_warning kind, const char *warning);
/* The end of a training that has one epoch, which is kept: its metrics, unless they are those of a part of a sum. */
void progress_end_only_epoch(training_progress *p, training_result *result);
/* Whether it is time to report that so many rows of a stage are done: ten times a second, and at its end. */
bool progress_due(training_progress *p, uint64_t done, uint64_t total);
/* Reports the accuracy of the majority-class baseline on the validation rows, or on those that were held out (NULL:
 * there is no cross-fit), or that there are none to judge by. Nothing for folds, and parts of a sum. */
heed_status progress_tell_baseline(training_progress *p, const held_out *held, heed_error *error);

#endif
