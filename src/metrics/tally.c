#include "metrics/tally.h"

#include <math.h>

#include "base/status.h"
#include "metrics/label_areas.h"

void tally_average(tally *t)
{
    for (average i = 0; i < AVERAGE_COUNT; i++)
        t->averages[i] = label_counts_average(t->counts, i, evaluation_is_multilabel(t->e));
}

/* Of two labels both get the ROC area of the positive one: one minus a probability may round two scores to the same
 * value. */
static heed_status find_areas(tally *t, heed_evaluation *e, heed_error *error)
{
    heed_status status = label_areas_find(e->areas, &t->all_areas, e, error);
    for (size_t i = e->label_count; i < evaluation_labels(e); i++)
        e->areas[i] = (curve_areas){NAN, NAN}; /* without a probability */
    if (evaluation_is_binary(e))
        e->areas[1 - e->positive].roc = e->areas[e->positive].roc;
    return status;
}

heed_status tally_rows(tally *t, heed_evaluation *e, heed_error *error)
{
    heed_status status;
    *t = (tally){.e = e, .known_rows = e->known_rows, .counts = &e->counts, .areas = e->areas};
    tally_average(t);
    TRY(find_areas(t, e, error));
    evaluation_calibration(t->bins, e);
    status = evaluation_brier(&t->distance, e, error);
done:
    return status;
}
