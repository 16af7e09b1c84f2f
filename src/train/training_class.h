/* How a kind of classifier is trained: its class, and what every training is given and gives back. training_table.c
 * lists the classes. */
#ifndef TRAIN_TRAINING_CLASS_H
#define TRAIN_TRAINING_CLASS_H

#include "data/examples.h"
#include "data/split.h"
#include "model/model.h"
#include "train/pretrained.h"

/* What is trained on: made once for a split. */
typedef struct training_data {
    vocabulary words;
    examples train, validation; /* cut to the window; whole texts where it is 0 */
    uint32_t window, label_count, positive;
    heed_task task;
    double *class_weight; /* as batch_shape_loss takes them; NULL: all 1 */
    double mean_tokens;   /* of the rows that count */
} training_data;

/* One training: what it is for, and who hears of it; all of it borrowed. */
typedef struct training_context {
    const training_data *data;
    const heed_corpus *corpus; /* whose rows they are */
    const heed_train_options *options;
    const heed_listener *listener; /* NULL: nobody */
    unsigned fold, folds;          /* number `fold` of folds, from 1; 0: there are none */
} training_context;

/* The figures of a run's epochs, and what was kept of it. */
typedef struct training_result {
    const classifier_class *class;
    void *trained;                          /* as heed_model.trained */
    heed_keras_metrics *train, *validation; /* [training_epochs] */
    unsigned epochs_run, epoch_kept;
    pretrained pretrained; /* zeros without vectors */
    bool stopped;          /* by the listener */
} training_result;

typedef struct training_class {
    const classifier_class *classifier;
    bool deterministic; /* nothing in it is drawn, and it starts from nothing: one trial is enough, and one epoch is all
                         */
    /* Refuses (HEED_USAGE) options that would be lost on it. NULL: it has a use for all. */
    heed_status (*check)(const heed_train_options *options, heed_error *error);
    /* The words of the vocabulary, and the mean length of the rows that count: data->words and mean_tokens. start: the
     * model that the training starts from, or NULL. */
    heed_status (*find_words)(training_data *data, const heed_corpus *corpus, const split *parts,
                              const heed_model *start, heed_error *error);
    /* Fills a result of zeros but for its class. HEED_STOPPED comes with a usable result too, if an epoch was complete.
     */
    heed_status (*run)(training_result *out, const training_context *context, heed_error *error);
} training_class;

#endif
