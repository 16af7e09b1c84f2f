/* How a kind of classifier is trained: its class, and the input and result of every training. training_table.c lists
 * the classes. */
#ifndef TRAIN_TRAINING_CLASS_H
#define TRAIN_TRAINING_CLASS_H

#include "data/examples.h"
#include "data/split.h"
#include "model/model.h"
#include "train/pretrained.h"

/* The data of a training, made once for a split. */
typedef struct training_data {
    vocabulary words;
    examples train, validation; /* cut to the window; whole texts if it is 0 */
    examples unknown;           /* validation rows whose one label no training row has; their labels are not set */
    uint64_t missed;            /* labels of validation rows with several labels that no training row has */
    text_window window;
    uint32_t recorded_window; /* network_config.window of the model */
    uint32_t min_count;       /* by which the vocabulary leaves out rare words */
    uint32_t label_count, positive;
    heed_task task;
    double *class_weight;  /* as batch_shape_loss takes them; NULL: all 1 */
    double mean_tokens;    /* of the rows that count */
    double largest_weight; /* of a training row, its label's included */
} training_data;

/* Validation rows, known labels or not. */
static inline uint32_t training_data_validating(const training_data *data)
{
    return data->validation.count + data->unknown.count;
}

/* One training; everything is borrowed. */
typedef struct training_context {
    const training_data *data;
    const heed_corpus *corpus; /* of the data */
    const heed_train_options *options;
    const heed_listener *listener; /* NULL: nobody */
    unsigned fold, folds;          /* number `fold` of folds, from 1; 0: there are none */
    bool crossfits;                /* training_crossfits, filled in by training_run */
    const uint32_t *fold_of_row;   /* [training rows]: their folds, CROSS_FIT_FOLDS; NULL: they are drawn */
    bool one_fold;                 /* a cross-fit answers no more than the first fold */
    bool only_held;                /* only the answers of a cross-fit are wanted, not the model */
    bool part;                     /* it is that of a part of a sum, whose figures are not those of the model */
    unsigned last_epoch;           /* end after this one, although the options have more; 0: do not */
} training_context;

/* What a cross-fit answered for rows that it held out. */
typedef struct held_out {
    float *probability; /* [count][K]: outputs of the model; NULL: there was no cross-fit */
    uint32_t *row;      /* [count]: numbers in data->train, increasing */
    uint32_t count;
} held_out;

/* The metrics of a run's epochs, and what was kept of it. */
typedef struct training_result {
    const classifier_class *class;
    void *trained;                          /* as heed_model.trained */
    heed_keras_metrics *train, *validation; /* [epochs_run] */
    unsigned epochs_run, epoch_kept;
    bool mean_kept;         /* of that epoch the mean of the weights (mean_weights.h), which validation preferred */
    shared_encoder *encoder; /* that has learned, for the model; NULL: the model reads the corpus's, if any */
    pretrained pretrained;  /* zeros without vectors */
    unsigned frozen_epochs; /* as heed_train_options, 0 if the embedding starts at random */
    bool stopped;           /* by the listener */
    char ending[100];       /* heed_model_ending; empty: NULL */
    char *architecture;     /* with what the training chose; NULL: as in the options */
    recipe_record recipe;   /* what a recipe found; zeros: there was none */
    held_out held;          /* the validation metrics are of these rows, if there are any */
    vocabulary words;       /* of a sum: those of its parts, which replace those of the data; */
    uint32_t window;        /* and the window of its networks */
} training_result;

typedef struct training_class {
    const classifier_class *classifier;
    bool deterministic; /* no random numbers and no starting point: one trial is enough, and there is one epoch */
    bool starts;        /* its first weights may be given, by a model or by word vectors; a part's in a sum */
    /* Validation chooses nothing for it: it can train on all rows, and be judged by a cross-fit (training_split.h). */
    bool crossfits;
    bool chooses; /* its architecture says how to choose one for the rows */
    /* Refuses (HEED_USAGE) options that it cannot use. NULL: it can use all. */
    heed_status (*check)(const heed_train_options *options, heed_error *error);
    /* Fills data->words, the vocabulary, and mean_tokens, the mean length of the rows that count. */
    heed_status (*find_words)(training_data *data, const heed_corpus *corpus, const split *parts,
                              const heed_train_options *options, heed_error *error);
    /* The vocabulary depends on the whole architecture, so that others need data of their own. */
    bool words_by_architecture;
    /* Fills a result that is all zero except for its class. HEED_STOPPED also gives a usable result if an epoch was
     * complete. */
    heed_status (*run)(training_result *out, const training_context *context, heed_error *error);
} training_class;

#endif
