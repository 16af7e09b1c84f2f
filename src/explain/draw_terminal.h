/* An explanation on a terminal: with colours, or only with marks. */
#ifndef EXPLAIN_DRAW_TERMINAL_H
#define EXPLAIN_DRAW_TERMINAL_H

#include "base/writer.h"
#include "explain/explanation.h"

/* picture: HEED_EXPLANATION_TEXT, HEED_EXPLANATION_COLOURS or HEED_EXPLANATION_TRUECOLOUR. */
void draw_terminal(writer *w, const heed_explanation *e, heed_explanation_format picture);

#endif
