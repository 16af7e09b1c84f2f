/* Pictures of counted rows. */
#ifndef DRAW_PICTURES_ROWS_H
#define DRAW_PICTURES_ROWS_H

#include "base/writer.h"

/* rows[i * count + j]: rows of label i that were given label j; each cell with its share of the label's rows. */
void picture_confusion(writer *out, const char *const *labels, size_t count, const uint64_t *rows);
/* rows[i * bins + b]: rows of label i whose score (named so below the axis) is in bin b of [0, 1]. */
void picture_scores(writer *out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                    const char *score);
/* rows[b]: texts of b * step to b * step + step - 1 tokens; window: how many a model reads, 0 for all. */
void picture_lengths(writer *out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window);
/* rows[i]: rows of label i. */
void picture_labels(writer *out, const char *const *labels, size_t count, const uint64_t *rows);

#endif
