/* Explanations as one SVG picture. */
#ifndef EXPLAIN_DRAW_SVG_H
#define EXPLAIN_DRAW_SVG_H

#include "base/writer.h"
#include "explain/explanation.h"

void draw_svg(writer *w, const heed_explanation *const *items, size_t count);

#endif
