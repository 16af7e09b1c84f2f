/* The words with the largest effect for each label: the effect of a word on the label's logit, summed over its
 * occurrences in a row, and averaged over the rows of a sample that contain it. */
#ifndef REPORT_REPORT_WORDS_H
#define REPORT_REPORT_WORDS_H

#include "base/pool.h"
#include "metrics/evaluation.h"
#include "report/report_sample.h"

enum { REPORT_WORDS = 15 }; /* of each label */

typedef struct report_word {
    uint32_t number, rows; /* rows: of the sample, with this word */
    double mean;
} report_word;

/* The words of a label, largest effect first. */
typedef struct label_words {
    report_word words[REPORT_WORDS];
    size_t count;
} label_words;

typedef struct report_words {
    heed_method method;  /* what is summed: model_method_of_many */
    uint32_t min_rows;   /* a word must be in at least as many sampled rows */
    label_words *labels; /* [labels of the evaluation]; NULL: nothing was counted yet */
    const intern *texts; /* how words are written, by number; belongs to the model or to the sample */
} report_words;

/* The listener, which may be NULL, gets HEED_STAGE_PREDICT in rows of the sample. Release words in any case. */
heed_status report_words_count(report_words *out, const heed_model *model, const heed_evaluation *evaluation,
                               const row_sample *sample, pool *workers, const heed_listener *listener,
                               heed_error *error);
void report_words_release(report_words *w);

#endif
