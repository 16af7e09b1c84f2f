/* Explanations as one SVG picture. */
#ifndef EXPLAIN_DRAW_SVG_H
#define EXPLAIN_DRAW_SVG_H

#include "base/writer.h"

void draw_svg(writer *w, const heed_explanation_info *items, size_t count);

#endif
