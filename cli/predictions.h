/* The answer to a record, and how it is written. */
#ifndef CLI_PREDICTIONS_H
#define CLI_PREDICTIONS_H

#include "labels.h"
#include "output.h"
#include "settings.h"

/* How fields of a line are kept apart. */
typedef struct dialect {
    char delimiter;
    bool quotes; /* false: they are ordinary characters */
} dialect;

/* What the names of an answer's columns or keys are made of: "label", "predicted_label", "predicted_label_2". */
typedef struct heading {
    const char *prefix;
    unsigned number; /* from 1, which is not written */
} heading;

typedef struct predictions {
    labels labels;
    size_t *ranks; /* [listed]: the labels listed behind the one answered, which is the first where not all are */
    size_t listed;
    bool top;              /* --top-k was asked for */
    bool all;              /* every label in the model's order, instead of the likeliest first */
    size_t best;           /* the label answered */
    bool several;          /* any number of labels are answered: the first of labels.order */
    size_t answered;       /* how many; with --top-k that many, whatever the thresholds */
    char *joined, *scores; /* room for them and their probabilities, a separator between */
    const float *probabilities;
} predictions;

heed_status predictions_init(predictions *a, const heed_model *model, const settings *s, heed_error *error);
void predictions_release(predictions *a);
/* What is written from now on; probabilities are borrowed. */
void predictions_take(predictions *a, const float *probabilities);

/* The first heading under which no name of the answer's is one of the input's columns. HEED_FAILED: memory. */
heed_status heading_choose(heading *out, const predictions *a, const heed_bytes *columns, size_t count,
                           heed_error *error);
/* The names of predictions_fields. */
void predictions_names(const predictions *a, writer *o, dialect d, heading h);
/* Label and score (of several: all that are answered), and then the further labels with theirs, or the score of every
 * label. */
void predictions_fields(const predictions *a, writer *o, dialect d);
/* The input's JSON object with the answer as further keys, of names that it does not have. */
void answers_append_json(const predictions *a, writer *o, heed_bytes object);
/* A record's whole answer without its end of line. first: a heading comes before it, where the format has one. */
void predictions_write(const predictions *a, writer *o, answer_format format, const heed_record *record, bool with_id,
                       bool first);

#endif
