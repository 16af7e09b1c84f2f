/* The rows of an evaluation that the model has not seen before, as an evaluation of their own. */
#ifndef METRICS_UNSEEN_H
#define METRICS_UNSEEN_H

#include "metrics/evaluation.h"

/* Makes and finishes e->unseen, if some rows were seen and others not; all of them have to be judged, or none. */
heed_status unseen_finish(heed_evaluation *e, heed_error *error);
/* Whether a name begins with "unseen.": then *name is what follows. */
bool unseen_named(const char **name);

#endif
