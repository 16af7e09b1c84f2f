/* How much the rows of a label count in the training loss. */
#ifndef TRAIN_CLASS_WEIGHTS_H
#define TRAIN_CLASS_WEIGHTS_H

#include "data/examples.h"

/* The labels that get weights, in their order, and the positive one of two. */
typedef struct weighed_labels {
    const char *const *names;
    uint32_t count, positive;
    heed_task task;
} weighed_labels;

/* Weights [labels->count] for batch_shape_loss, from heed_train_options.class_weights; free() releases them. named
 * NULL: none, and *out is NULL. "balanced": as scikit-learn, rows / (labels * rows of the label); multilabel: rows
 * without the label / rows with it, or 1 if every row has it. A file: lines of label TAB weight. Every label needs a
 * row. HEED_BAD_DATA for a missing file, and with its line for an unknown label, a repeated one, or a weight that is
 * not a number from 0; HEED_FAILED. */
heed_status class_weights_make(double **out, const char *named, const weighed_labels *labels, const examples *train,
                               heed_error *error);

/* Fills out [labels->count] from a file's bytes; name is for messages. */
heed_status class_weights_parse(double *out, heed_bytes text, const char *name, const weighed_labels *labels,
                                heed_error *error);

#endif
