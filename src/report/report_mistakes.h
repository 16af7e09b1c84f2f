/* The most confident errors of a test: wrong predictions with the highest probabilities. */
#ifndef REPORT_REPORT_MISTAKES_H
#define REPORT_REPORT_MISTAKES_H

#include "metrics/evaluation.h"

enum { REPORT_MISTAKES = 10 };

/* A row with a wrong prediction, and its text. */
typedef struct kept_row {
    char *text, *id; /* id NULL: the row has none */
    size_t size;
    uint32_t row;   /* from 0 */
    uint32_t label; /* the wrong label: predicted although it is not true, or, with several labels per row, not
                       predicted although it is */
    bool given;
    float sure;                    /* the probability of the wrong prediction */
    heed_explanation *explanation; /* of the label; NULL before mistakes_explain */
} kept_row;

typedef struct mistake_list {
    kept_row rows[REPORT_MISTAKES]; /* [count], most confident first */
    size_t count;
    uint64_t wrong; /* all wrong rows, or with several labels per row all wrong predictions */
} mistake_list;

/* Looks at a row of the evaluation; the texts are copied. */
heed_status mistakes_add(mistake_list *m, const heed_evaluation *e, size_t row, heed_bytes text, heed_bytes id,
                         heed_error *error);
heed_status mistakes_explain(mistake_list *m, const heed_model *model, unsigned threads, heed_error *error);
void mistakes_release(mistake_list *m);

#endif
