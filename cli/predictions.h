/* The prediction for a record, and how it is written. */
#ifndef CLI_PREDICTIONS_H
#define CLI_PREDICTIONS_H

#include "labels.h"
#include "output.h"
#include "settings.h"

/* How the fields of a line are separated. */
typedef struct dialect {
    char delimiter;
    bool quotes; /* false: they are ordinary characters */
} dialect;

/* The beginning of the names of the added columns or keys: "label", "predicted_label", "predicted_label_2". */
typedef struct heading {
    const char *prefix;
    unsigned number; /* from 1, which is not written */
} heading;

typedef struct predictions {
    labels labels;
    size_t *ranks; /* [listed]: the labels listed after the predicted one; unless all are listed, that is the first */
    size_t listed;
    bool top;                   /* --top-k was asked for */
    bool all;                   /* every label in the model's order, instead of the most likely first */
    size_t best;                /* the predicted label */
    bool several;               /* any number of labels are predicted: the first of labels.order */
    size_t answered;            /* how many; with --top-k that many, regardless of thresholds */
    char *joined, *scores;      /* room for them and their probabilities, with separators */
    const float *probabilities; /* NULL: there is no answer, and its fields are empty */
} predictions;

heed_status predictions_init(predictions *a, const heed_model *model, const settings *s, heed_error *error);
void predictions_release(predictions *a);
/* Sets what is written next; probabilities are borrowed. NULL: an empty answer. */
void predictions_take(predictions *a, const float *probabilities);

/* The first heading with which no added name is one of the input's columns. HEED_FAILED: memory. */
heed_status heading_choose(heading *out, const predictions *a, const heed_bytes *columns, size_t count,
                           heed_error *error);
/* The names of predictions_fields. */
void predictions_names(const predictions *a, writer *o, dialect d, heading h);
/* Label and score (with several labels per row: all that are predicted), followed by the further labels with theirs, or
 * by the score of every label. */
void predictions_fields(const predictions *a, writer *o, dialect d);
/* The input's JSON object with the prediction in added keys, whose names it does not have; a line that is not an object
 * stays as it is. */
void answers_append_json(const predictions *a, writer *o, heed_bytes object);
/* The whole output for a record, without its line end. first: a header comes before it, if the format has one. */
void predictions_write(const predictions *a, writer *o, answer_format format, const heed_record *record, bool with_id,
                       bool first);

#endif
