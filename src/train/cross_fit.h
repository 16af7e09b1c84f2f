/* A cross-fit inside the training rows: they are divided into folds by seed, stratified by label, equal texts together.
 * Each fold is held out in turn and answered by a fit to the others, from zeros, which knows nothing of its labels: not
 * even the weights of features come from them. Only the list of features, the number of labels and the weights of
 * labels are those of all rows. A label whose rows are all in one fold is unknown to the fit that answers them. */
#ifndef TRAIN_CROSS_FIT_H
#define TRAIN_CROSS_FIT_H

#include "train/logistic_training.h"

/* Rows are held out fold by fold until there are CROSS_FIT_ROWS. TRIES: fits of one fold that are kept, at most. */
enum { CROSS_FIT_FOLDS = 5, CROSS_FIT_ROWS = 5000, CROSS_FIT_TRIES = 8 };

/* A fold and the other rows, as numbers of training rows. */
typedef struct fold_parts {
    sparse_part train, held;
} fold_parts;

/* The features of a kind; source is borrowed. */
typedef struct fold_features {
    size_t count; /* F */
    /* The features of both parts, with what only the first part tells of them. */
    heed_status (*rows)(feature_rows *train, feature_rows *held, const void *source, const fold_parts *parts,
                        heed_error *error);
    const void *source;
} fold_features;

typedef struct fold_answers {
    float *probability; /* [rows of the fold][K] */
    double *loss;       /* of each, without its weight */
} fold_answers;

typedef struct cross_fit {
    logistic_run *run;
    fold_features features;
    uint32_t *fold;                 /* [training rows] */
    uint32_t size[CROSS_FIT_FOLDS]; /* their rows */
    uint32_t next, held;            /* the next fold to be held out, and the rows of those before it */
    fold_answers answers[CROSS_FIT_FOLDS][CROSS_FIT_TRIES];
} cross_fit;

/* One fold and its fit. */
typedef struct fold_fit {
    unsigned number;
    uint32_t *rows; /* of parts */
    fold_parts parts;
    feature_rows train, held; /* their features */
    float *target, *weight;   /* [train][K] */
    float *held_target;       /* [held][K] */
    logistic fit;             /* of the last C */
    span_fit *span;           /* as logistic_run_fit keeps it */
} fold_fit;

/* features: copied. Release it in any case. */
heed_status cross_fit_init(cross_fit *out, logistic_run *run, const fold_features *features, heed_error *error);
void cross_fit_release(cross_fit *c);
/* How many folds are held out before there are CROSS_FIT_ROWS. */
unsigned cross_fit_folds(const cross_fit *c);
/* Whether there is another fold to hold out while there are fewer than so many rows. */
bool cross_fit_more(cross_fit *c, uint32_t rows);

/* Begins the next fold, which exists (cross_fit_more); its weights are zero. Release it in any case. */
heed_status fold_fit_init(fold_fit *out, cross_fit *c, heed_error *error);
void fold_fit_release(fold_fit *f);
/* Fits to the other folds with a C, from the weights so far. */
heed_status fold_fit_run(fold_fit *f, const cross_fit *c, double strength, heed_error *error);
/* Keeps what the fit answers, as that of a number below CROSS_FIT_TRIES; nothing if the run holds out no rows. */
heed_status fold_fit_keep(fold_fit *f, cross_fit *c, size_t number, heed_error *error);

/* Fits the folds that are still missing with this C. Then the answers that were kept under this number become those of
 * the run, with their metrics. */
heed_status cross_fit_finish(cross_fit *c, double strength, size_t number, heed_error *error);

#endif
