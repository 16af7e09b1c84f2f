/* Training of what is logistic regression on features: targets and weights of the rows, the fit, its metrics. The
 * listener gets HEED_STAGE_TRAIN after each pass over the rows, and HEED_STAGE_EPOCH at the end. HEED_STOPPED leaves no
 * model unless it came with the last event. */
#ifndef TRAIN_LOGISTIC_TRAINING_H
#define TRAIN_LOGISTIC_TRAINING_H

#include "linear/feature_rows.h"
#include "linear/span_fit.h"
#include "train/training_progress.h"

/* The state of a run. */
typedef struct logistic_run {
    const training_data *data;
    training_progress progress;
    training_result *result;
    uint32_t outputs; /* K */
    pool *workers;
    float *target, *weight; /* [training rows][K] */
    /* from prepare: */
    logistic *fit;     /* of result->trained */
    feature_rows rows; /* training */
    const struct logistic_kind *kind;
    unsigned fits, fits_all; /* fits that are done, and that there will be at most, the last one of all rows included */
    bool all_passes;         /* the last one took as many as it may take */
    uint64_t told, passed;   /* rows that passes have seen, so far, and before this fit */
    bool crossfits;          /* rows are held out in turn: prepare does it, by cross_fit.h */
} logistic_run;

/* What differs between kinds. */
typedef struct logistic_kind {
    const char *name;         /* "linear" */
    const char *features;     /* what they are: "words and pairs of words" */
    const char *fewer;        /* how to have fewer of them */
    bool in_span;             /* fitted by span_fit.h, else by linear_fit */
    bool dense;               /* its rows have all features */
    linear_end end, fold_end; /* of the fit to all rows, and of those to the rows outside a fold */
    /* Makes result->trained, its fit, whose weights are 0, and the training rows' features. */
    heed_status (*prepare)(logistic_run *t, heed_error *error);
    /* The features of rows. */
    heed_status (*rows)(feature_rows *out, const void *trained, const examples *e, pool *workers, heed_error *error);
    /* "30 words, 20 bigrams". */
    void (*tell_sizes)(char *note, size_t size, const void *trained);
} logistic_kind;

/* training_class.run of a kind. */
heed_status logistic_training_run(training_result *out, const training_context *context, const logistic_kind *kind,
                                  heed_error *error);
/* Refuses what starts from other weights, for training_class.check. name: the kind's. */
heed_status logistic_training_check(const heed_train_options *options, const char *name, heed_error *error);
/* Says how much so many features need before it takes it, and does not begin what cannot end. */
heed_status logistic_run_check_memory(logistic_run *t, size_t features, heed_error *error);
/* Fits to some rows from the weights so far, and tells each pass. span: what span_fit.h keeps for the next fit of the
 * same model to the same rows, NULL before the first; the caller frees it, even after a failure. */
heed_status logistic_run_fit(logistic_run *t, span_fit **span, logistic *fit, const linear_examples *rows,
                             linear_end end, heed_error *error);

#endif
