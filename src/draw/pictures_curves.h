/* Pictures of curves and of points; heed.h documents the arguments at the heed_..._picture of the same name. */
#ifndef DRAW_PICTURES_CURVES_H
#define DRAW_PICTURES_CURVES_H

#include "base/writer.h"

void picture_roc(writer *out, const heed_line *curves, size_t count);
void picture_precision_recall(writer *out, const heed_line *curves, size_t count);
void picture_learning(writer *out, const heed_line *lines, size_t count, const char *metric);
void picture_reliability(writer *out, const heed_bin *bins, size_t count);

#endif
