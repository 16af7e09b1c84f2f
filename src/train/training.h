/* A training run: its data, made from a corpus and a split, and its loop over epochs. */
#ifndef TRAIN_TRAINING_H
#define TRAIN_TRAINING_H

#include "data/examples.h"
#include "data/split.h"
#include "linear/linear.h"
#include "model/model.h"
#include "network/scorer.h"
#include "metrics/figures.h"
#include "train/pretrained.h"
#include "train/schedule.h"
#include "train/trainer.h"

/* What is trained on: made once for a split. For the linear model the rows hold whole texts (window 0), and the words
 * are those of at least min_count training texts, without limit. */
typedef struct training_data {
    vocabulary words;
    examples train, validation;
    uint32_t window, label_count, positive;
    heed_task task;
    double *class_weight; /* as batch_shape_loss takes them; NULL: all 1 */
    double mean_tokens; /* of the rows that count */
} training_data;

heed_status training_data_make(training_data *out, heed_corpus *corpus, const split *parts,
                               const heed_train_options *options, heed_error *error);
/* Whether training_data_make makes the same of both: every option that it reads is compared here. */
bool training_data_alike(const heed_train_options *a, const heed_train_options *b);
void training_data_release(training_data *data);

/* The figures of a run's epochs, and the weights that were kept. */
typedef struct training_result {
    linear *linear; /* or */
    network *net;
    real *weights;
    heed_figures *train, *validation; /* [epochs asked for; linear: 1] */
    unsigned epochs_run, epoch_kept;
    pretrained pretrained;            /* zeros without vectors */
    bool stopped;                     /* by the listener */
} training_result;

/* Trains. fold, folds: for the listener. HEED_STOPPED comes with a usable result too, if an epoch was complete. */
heed_status training_run(training_result *out, const training_data *data, const heed_corpus *corpus,
                         const heed_train_options *options, unsigned fold, unsigned folds,
                         const heed_listener *listener, heed_error *error);
void training_result_release(training_result *result);

/* The model of a run without folds. HEED_STOPPED comes with a model too, if an epoch was complete. */
heed_status train_model(heed_model **out, heed_corpus *corpus, const training_data *data,
                        const heed_train_options *options, const heed_listener *listener, heed_error *error);

/* Refuses a corpus or options that nothing can be trained with; sorts the corpus's labels. */
heed_status train_check(heed_corpus *corpus, const heed_train_options *options, heed_error *error);
/* Refuses options that cannot be used; the message names the field. */
heed_status train_options_check(const heed_train_options *options, heed_error *error);

#endif
