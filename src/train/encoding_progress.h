/* What a training tells while an encoder reads its rows. */
#ifndef TRAIN_ENCODING_PROGRESS_H
#define TRAIN_ENCODING_PROGRESS_H

#include "data/encoded_rows.h"
#include "train/training_progress.h"

/* Who is told, by which encoder, and since when. */
typedef struct encoding_progress {
    training_progress *progress;
    const shared_encoder *encoder;
    stopwatch watch;
    bool estimated;
} encoding_progress;

/* From now on. */
encoding_progress encoding_begin(training_progress *progress, const shared_encoder *e);
/* What tells it: how many rows are done, and after the first of them how long all take, if it is long. */
feature_listener encoding_listener(encoding_progress *e);

#endif
