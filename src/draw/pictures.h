/* Pictures of a training, of an evaluation and of data, as SVG: each from plain data, appended to a buffer. What the
 * arguments mean stands at the heed_..._picture of the same name. */
#ifndef DRAW_PICTURES_H
#define DRAW_PICTURES_H

#include "base/buffer.h"

/* What happened in each epoch; a validation whose loss is NaN was none. */
typedef struct training_history {
    const heed_figures *train, *validation; /* [epochs] */
    unsigned epochs, kept;                  /* kept: from 1; 0: none */
} training_history;

heed_status picture_training(buffer *out, const training_history *history, heed_error *error);
heed_status picture_faithfulness(buffer *out, const heed_faithfulness_info *info, heed_error *error);
heed_status picture_comparison(buffer *out, const heed_contender *contenders, size_t count, heed_error *error);
heed_status picture_confusion(buffer *out, const char *const *labels, size_t count, const uint64_t *rows,
                              heed_error *error);
heed_status picture_roc(buffer *out, const heed_line *curves, size_t count, heed_error *error);
heed_status picture_precision_recall(buffer *out, const heed_line *curves, size_t count, heed_error *error);
heed_status picture_reliability(buffer *out, const heed_bin *bins, size_t count, heed_error *error);
heed_status picture_scores(buffer *out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                           const char *score, heed_error *error);
heed_status picture_lengths(buffer *out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window,
                            heed_error *error);
heed_status picture_labels(buffer *out, const char *const *labels, size_t count, const uint64_t *rows,
                           heed_error *error);
heed_status picture_learning(buffer *out, const heed_line *lines, size_t count, const char *figure,
                             heed_error *error);

#endif
