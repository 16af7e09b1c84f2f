/* Pictures of curves and of points. */
#ifndef DRAW_PICTURES_CURVES_H
#define DRAW_PICTURES_CURVES_H

#include "base/writer.h"

/* Rows whose answer was given a probability within one of several equal parts of [0, 1]. */
typedef struct picture_bin {
    double mean, right; /* of them: the mean probability, and the share for which the answer is true */
    uint64_t rows;
} picture_bin;

/* Curves of false (x) against true positive rate, and of recall (x) against precision. */
void picture_roc(writer *out, const heed_line *curves, size_t count);
void picture_precision_recall(writer *out, const heed_line *curves, size_t count);
/* As heed_learning_picture. */
void picture_learning(writer *out, const heed_line *lines, size_t count, const char *figure);
/* The bins' share right over their mean probability, and their rows below. */
void picture_reliability(writer *out, const picture_bin *bins, size_t count);

#endif
