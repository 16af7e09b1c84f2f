/* The picture of a comparison. */
#ifndef DRAW_PICTURES_COMPARISON_H
#define DRAW_PICTURES_COMPARISON_H

#include "base/writer.h"

/* As heed_comparison_picture. */
void picture_comparison(writer *out, const heed_contender *contenders, size_t count);

#endif
