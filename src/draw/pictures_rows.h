/* Pictures of counted rows; heed.h documents the arguments at the heed_..._picture of the same name. */
#ifndef DRAW_PICTURES_ROWS_H
#define DRAW_PICTURES_ROWS_H

#include "base/writer.h"

void picture_confusion(writer *out, const char *const *labels, size_t count, const uint64_t *rows);
void picture_scores(writer *out, const char *const *labels, size_t count, const uint64_t *rows, size_t bins,
                    const char *score);
void picture_lengths(writer *out, const uint64_t *rows, size_t bins, uint32_t step, uint32_t window);
void picture_labels(writer *out, const char *const *labels, size_t count, const uint64_t *rows);

#endif
