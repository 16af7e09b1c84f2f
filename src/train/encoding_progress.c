#include "train/encoding_progress.h"

#include <stdio.h>

#include "base/number.h"

encoding_progress encoding_begin(training_progress *progress, const shared_encoder *e)
{
    return (encoding_progress){progress, e, stopwatch_start(), false};
}

static void tell_estimate(encoding_progress *e, size_t done, size_t rows)
{
    static const double LONG = 3;
    double seconds = stopwatch_seconds(&e->watch), left = seconds / (double)done * (double)(rows - done);
    char note[200], count[NUMBER_TEXT];
    if (e->estimated || left < LONG)
        return;
    e->estimated = true;
    snprintf(note, sizeof note, "encoding %s texts with %s takes about %d:%02d", number_thousands(count, rows),
             e->encoder->name, (int)(left + seconds) / 60, (int)(left + seconds) % 60);
    progress_note(e->progress, note);
}

static int tell(void *user, size_t done, size_t rows)
{
    encoding_progress *e = user;
    training_progress *p = e->progress;
    tell_estimate(e, done, rows);
    progress_tell(p, (heed_event){.stage = HEED_STAGE_ENCODE, .done = done, .total = rows});
    return p->stopped;
}

feature_listener encoding_listener(encoding_progress *e)
{
    return (feature_listener){tell, e};
}
